import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Start } from './windows-command.ts';

/** A command that is running, with this process's stdin, stdout and stderr as its own. */
export interface Child {
  /** Its exit code; 128 and the signal's number for one that a signal ended, as shells have it. */
  readonly ended: Promise<number>;
  /** Passes a signal on, unless the terminal has given it to the child as well. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/** A terminal sends these to every process it runs in front, the child among them. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** Resolves once the command runs; rejects with what the system says when it cannot. */
export async function startChild(
  { file, args, verbatim }: Start,
  env: Readonly<Record<string, string>>,
): Promise<Child> {
  const child = spawn(file, args, { stdio: 'inherit', env, windowsVerbatimArguments: verbatim });
  const ended = exitCode(child);
  await once(child, 'spawn');
  // isatty, and not process.stdin: to touch that would take bytes away from the child.
  const isInFront =
    process.platform === 'win32' || [0, 1, 2].some((descriptor) => isatty(descriptor));
  return {
    ended,
    signal: (name) => {
      if (!(isInFront && FROM_TERMINAL.has(name))) child.kill(name);
    },
  };
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
