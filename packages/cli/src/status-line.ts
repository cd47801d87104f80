import type { WriteStream } from 'node:tty';

/** One line of a terminal that is written over again and again, and is gone in the end. */
export interface StatusLine {
  readonly color: boolean;
  /** Cells a line has. */
  readonly columns: () => number;
  readonly show: (line: string) => void;
  readonly clear: () => void;
}

const FALLBACK_COLUMNS = 80;
/** Back to the first cell, and erase the line (ECMA-48 EL 2). */
const WIPE = '\r\u001B[2K';

/** The line below what was last said on `stream`, which has to be a terminal that can erase. */
export function statusLine(stream: WriteStream, color: boolean): StatusLine {
  let shown = false;
  return {
    color,
    columns: () => stream.columns || FALLBACK_COLUMNS,
    show: (line) => {
      stream.write(WIPE + line);
      shown = true;
    },
    clear: () => {
      if (shown) stream.write(WIPE);
      shown = false;
    },
  };
}
