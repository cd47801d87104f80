import { spawn } from '@lydell/node-pty';
import { BIN } from './run-cli.ts';

/** A run of `calltape` whose stdin, stdout and stderr are one terminal. */
export interface TerminalRun {
  /** Everything the terminal was sent so far. */
  readonly sent: () => string;
  /** Resolves when that holds the text; rejects when the program ends without. */
  readonly says: (text: string) => Promise<void>;
  readonly press: (keys: string) => void;
  readonly exit: Promise<number>;
}

/** Starts `calltape ...args` in a terminal of 80 columns. */
export function inTerminal(
  args: readonly string[],
  cwd: string,
  change: Readonly<Record<string, string>> = {},
): TerminalRun {
  const { NO_COLOR: _noColor, CALLTAPE_TAPE: _tape, ...inherited } = process.env;
  const pty = spawn(process.execPath, [BIN, ...args], {
    cols: 80,
    rows: 24,
    cwd,
    env: { ...inherited, ...change },
    name: 'xterm-256color',
  });
  let sent = '';
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const look of waiting) look();
  };
  pty.onData((text) => {
    sent += text;
    tell();
  });
  let ended = false;
  const { promise: exit, resolve } = Promise.withResolvers<number>();
  pty.onExit(({ exitCode }) => {
    ended = true;
    resolve(exitCode);
    tell();
  });
  return {
    sent: () => sent,
    says: (text) =>
      new Promise((found, failed) => {
        const look = (): void => {
          if (sent.includes(text)) found();
          else if (ended) failed(new Error(`ended without saying ${text}: ${sent}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    press: (keys) => pty.write(keys),
    exit,
  };
}
