import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openTape, type CallRow, type Recording } from '@calltape/store';
import { onTestFinished } from 'vitest';
import { BIN } from './run-cli.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Resolves when stdout or stderr holds the text. */
  readonly says: (text: string) => Promise<void>;
  readonly write: (text: string | Buffer) => void;
  readonly ended: Promise<Ran>;
}

type Change = Readonly<Record<string, string | undefined>>;

/** What of the environment of whoever runs the tests `calltape run` would speak of. */
const SPOKEN_OF = ['CALLTAPE_TAPE', 'NO_PROXY', 'HTTP_PROXY', 'HTTPS_PROXY'];

/** Starts `calltape run ...args` with pipes as its stdin, stdout and stderr. */
export function startRun(
  args: readonly string[],
  cwd: string,
  change: Change = {},
): RunningProgram {
  const env = { ...process.env, ...change };
  for (const name of SPOKEN_OF.flatMap((one) => [one, one.toLowerCase()])) {
    if (!(name in change)) delete env[name];
  }
  const child = spawn(process.execPath, [BIN, 'run', ...args], { cwd, env });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      said += piece.toString('utf8');
    });
  }
  const [stdout, stderr] = [buffer(child.stdout), buffer(child.stderr)];
  return {
    child,
    says: async (text) => {
      while (!said.includes(text)) {
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
      }
    },
    write: (text) => child.stdin.write(text),
    ended: once(child, 'close').then(async ([code]) => ({
      code,
      stdout: await stdout,
      stderr: (await stderr).toString('utf8'),
    })),
  };
}

/** Runs `calltape run ...args` to its end, with nothing on stdin. */
export async function runToEnd(
  args: readonly string[],
  cwd: string,
  change: Change = {},
): Promise<Ran> {
  const running = startRun(args, cwd, change);
  running.child.stdin?.end();
  return await running.ended;
}

/** What the tape of a run holds. */
export function taped(cwd: string): { calls: CallRow[]; recordings: Recording[] } {
  const tape = openTape(join(cwd, 'calls.tape'));
  try {
    return { calls: tape.calls({}), recordings: tape.recordings() };
  } finally {
    tape.close();
  }
}

/** Method, URL and status of each call of a run. */
export function callsOf(cwd: string): [string, string, number | null][] {
  return taped(cwd).calls.map(({ method, url, status }) => [method, url, status]);
}
