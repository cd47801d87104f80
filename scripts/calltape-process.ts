import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../packages/cli/bin/calltape.js', import.meta.url));

/** What a command printed and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `calltape record` or `calltape mock` that accepts connections. */
export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** Interrupts it as ctrl-c does and waits for its end. */
  stop(): Promise<Finished>;
}

class Output {
  stdout = '';
  stderr = '';
  /** How the child ended, once all it printed has been read. */
  readonly ended: Promise<Finished>;

  constructor(child: ChildProcess) {
    this.ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
  }
}

interface Where {
  /** The folder to run in; default this process's. */
  readonly cwd?: string;
}

function start(args: readonly string[], where: Where): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs `calltape ARGS` to its end. */
export function runCalltape(args: readonly string[], where: Where = {}): Promise<Finished> {
  return new Output(start(args, where)).ended;
}

/** Runs a command that goes on until it is interrupted, and interrupts it once it has said a word. */
export async function interruptCalltape(
  args: readonly string[],
  where: Where = {},
): Promise<Finished> {
  const child = start(args, where);
  const { ended } = new Output(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.once('data', () => child.kill('SIGINT'));
  }
  return await ended;
}

/**
 * Starts `calltape ARGS` and waits for its one line that says where it listens.
 *
 * @throws Error with what it printed when it ended instead.
 */
export async function serveCalltape(args: readonly string[], where: Where = {}): Promise<Serving> {
  const child = start(args, where);
  const output = new Output(child);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout === null) throw new Error('the child has no stdout');
  createInterface({ input: child.stdout }).once('line', resolve);
  output.ended.then(
    ({ stderr }) => reject(new Error(`calltape ${args.join(' ')} ended early: ${stderr}`)),
    reject,
  );
  const line = await promise;
  const stop = (): Promise<Finished> => {
    child.kill('SIGINT');
    return output.ended;
  };
  return { url: line.replace(/^listening /, ''), pid: child.pid ?? 0, stop };
}
