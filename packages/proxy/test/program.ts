import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with no proxy settings but those given. */
export async function run(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '', SystemRoot = '' } = process.env;
  const child = spawn(program, [...words], {
    env: { PATH, SystemRoot, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

/** Runs a module's text in a Node of its own, its calls sent through a proxy by the environment. */
export async function runNode(
  script: string,
  proxyUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return await run(process.execPath, ['--input-type=module', '--eval', script], {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    ...env,
  });
}
