import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export const BIN: string = resolve(import.meta.dirname, '../bin/calltape.js');

/** Saves each of the many servers started here from beginning anew. */
const READY: readonly string[] = ['--max-semi-space-size=8'];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself, in front of the program. Default: those it would begin itself anew with. */
  readonly nodeArgs?: readonly string[];
  readonly node?: string;
  /** What the whole command line is put behind. */
  readonly shell?: readonly string[];
  /** Another copy of the program. */
  readonly bin?: string;
  readonly uid?: number;
}

// The programs started here must not touch the key of whoever runs the tests.
process.env['CALLTAPE_HOME'] ??= join(tmpdir(), 'calltape-test-home');

/** A new empty folder, gone when the test has finished. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `calltape ...args` to its end. */
export async function calltape(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = start(args, options);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: stdout(), stderr: stderr() };
}

export interface Server {
  readonly firstLine: string;
  /** What `listening ...` named. */
  readonly url: string;
  /** Resolves when stderr holds the text. */
  readonly says: (text: string) => Promise<void>;
  /** Sends the signal and waits for the end; `stdout` is what came after the first line. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Finished>;
  readonly child: ChildProcess;
}

/** Starts `calltape ...args` and waits until it accepts connections. */
export async function serve(args: readonly string[], options: RunOptions = {}): Promise<Server> {
  const child = start(args, options);
  const stderr = collect(child.stderr);
  const closed = once(child, 'close');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    closed.then(() => Promise.reject(new Error(`ended before it listened: ${stderr()}`))),
  ]);
  const more: string[] = [];
  lines.on('line', (line) => more.push(line));
  return {
    url: /https?:\/\/[^"\s]+/.exec(first)?.[0] ?? '',
    firstLine: first,
    says: async (text) => {
      while (!stderr().includes(text)) await once(child.stderr, 'data');
    },
    child,
    stop: async (signal = 'SIGINT') => {
      child.kill(signal);
      const [code] = await closed;
      return { code, stdout: more.join('\n'), stderr: stderr() };
    },
  };
}

function start(args: readonly string[], options: RunOptions) {
  const { CALLTAPE_TAPE: _tape, CALLTAPE_DEBUG: _debug, ...env } = process.env;
  const [program = '', ...words] = [
    ...(options.shell ?? []),
    options.node ?? process.execPath,
    ...(options.nodeArgs ?? (options.node === undefined ? READY : [])),
    options.bin ?? BIN,
    ...args,
  ];
  return spawn(program, words, {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return () => text;
}
