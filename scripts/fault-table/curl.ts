import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMIT_MS, type Got } from './outcome.ts';

/** The version of the curl on PATH; null without one. */
export function curlVersion(): string | null {
  try {
    const output = execFileSync('curl', ['--version'], { encoding: 'utf8' });
    return /^curl (\S+)/.exec(output)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** What curl says of each transfer when it is over. */
const REPORT = '%{urlnum} %{exitcode} %{time_total}\\n';
const COMMON = ['--silent', '--include', '--noproxy', '*', '--max-time', String(LIMIT_MS / 1_000)];
const AT_ONCE = ['--parallel', '--parallel-max', '10', '--write-out', REPORT];

async function reportOf(args: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  // It ends with the number of one of the failures, which the report has.
  execFile('curl', args, { encoding: 'utf8' }, (_, output) => resolve(output));
  return await promise;
}

/** The head is written too, so that a status can be told from none. */
function gotOf(output: string, exit: number, seconds: number): Got {
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(output)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    content: output.split('\r\n\r\n').slice(1).join('\r\n\r\n'),
    error: exit === 0 ? null : `exit ${exit}`,
    elapsedMs: seconds * 1_000,
  };
}

/**
 * Calls URLs with one curl, ten at the same time: a process each would cost more than all the other clients.
 *
 * @param options - Further flags.
 * @returns what came of each, in their order.
 */
export async function viaCurl(urls: readonly string[], options: readonly string[]): Promise<Got[]> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-curl-'));
  try {
    const file = (at: number): string => join(folder, String(at));
    const transfers = urls.flatMap((url, at) => ['--output', file(at), url]);
    const report = await reportOf([...COMMON, ...AT_ONCE, ...options, ...transfers]);
    const lines = report
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    const ends = new Map(lines.map(([at = -1, ...end]) => [at, end]));
    const outputs = urls.map(async (_, at) => {
      const output = await readFile(file(at), 'utf8').catch(() => '');
      const [exit = Number.NaN, seconds = 0] = ends.get(at) ?? [];
      return gotOf(output, exit, seconds);
    });
    return await Promise.all(outputs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
