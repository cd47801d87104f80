import type { Writable } from 'node:stream';
import { statusLine, type StatusLine } from './status-line.ts';

/** Where a command's words go: data on stdout, talk on stderr. */
export interface Output {
  readonly json: boolean;
  readonly color: boolean;
  /** The width of the terminal behind stdout; null when it is none. */
  readonly columns: number | null;
  /** Where passing words go; null with --quiet, with --json, and where stderr is no terminal. */
  readonly status: StatusLine | null;
  /** Resolves when stdout has room for more. */
  readonly data: (piece: string | Uint8Array) => Promise<void>;
  /** Silent with --quiet. */
  readonly talk: (line: string) => void;
  readonly warn: (line: string) => void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

export function processOutput({ json, quiet, color }: OutputOptions): Output {
  const terminal = process.stdout.isTTY;
  const isWanted = !json && !quiet && process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  const status = isWanted ? statusLine(process.stderr, color) : null;
  const say = (line: string): void => {
    status?.clear();
    process.stderr.write(`${line}\n`);
  };
  return {
    json,
    color: color && terminal,
    columns: terminal ? process.stdout.columns : null,
    status,
    data: (piece) => writeTo(process.stdout, piece),
    talk: (line) => {
      if (!quiet) say(line);
    },
    warn: say,
  };
}

/** Whether colours are wanted at all: https://no-color.org, and terminals that have none. */
export function wantsColor(env: NodeJS.ProcessEnv): boolean {
  return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

// What JSON leaves as it is, but a terminal would act on: DEL, C1, bidi and format characters.
const TERMINAL_ACTIVE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON text of the same value that holds nothing a terminal would act on. */
export function harmlessJson(json: string): string {
  return json.replace(TERMINAL_ACTIVE, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export function jsonLine(value: unknown): string {
  return `${harmlessJson(JSON.stringify(value))}\n`;
}

function writeTo(stream: Writable, piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (stream.write(piece)) resolve();
    else stream.once('drain', resolve);
  });
}
