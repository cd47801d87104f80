import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** What a reader of the documents has installed, and where it is here. */
const INSTALLED: Readonly<Record<string, string>> = {
  calltape: 'packages/cli',
  '@calltape/mock': 'packages/mock',
  nock: 'packages/mock/node_modules/nock',
  undici: 'node_modules/undici',
  stripe: 'node_modules/stripe',
  vitest: 'node_modules/vitest',
};

/** Puts test files into a folder in which the packages are installed. */
export async function projectIn(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, place] of Object.entries(INSTALLED)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, place), link, 'junction');
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
}

export interface VitestRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the tests of a folder as its owner would. */
export async function runVitest(
  folder: string,
  change: Readonly<Record<string, string>> = {},
): Promise<VitestRun> {
  const { CI: _, VITEST: __, ...own } = process.env;
  const env = { ...own, NO_COLOR: '1', ...change };
  const child = spawn(process.execPath, [VITEST, 'run', '--root', folder], { cwd: folder, env });
  const [output, errors] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, output: (await output) + (await errors) };
}
