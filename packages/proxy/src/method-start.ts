import type { IncomingMessage } from 'node:http';

/** The letters of the methods that the parser knows, of which it has read some. */
const LETTERS = /[A-Z-]*$/;
/** And the empty lines that it has skipped before them. */
const LINES_AND_LETTERS = /[\r\n]*[A-Z-]*$/;
const LONGEST_BYTES = 64;
const END_OF_HEAD = '\r\n\r\n';

/** The length of a content, with a length given, whose end may be among the latest bytes. */
function contentBytes(before: IncomingMessage | null): number {
  // It ends a turn after its last bytes were read.
  if (before === null || before.readableEnded) return 0;
  return Number(before.headers['content-length'] ?? 0);
}

/** Behind a content of a known length, whose last bytes could be taken for letters of the method. */
function behindContent(text: string, at: number, contentLength: number): number | null {
  const earliest = at - (LINES_AND_LETTERS.exec(text.slice(0, at))?.[0].length ?? 0);
  const found: number[] = [];
  for (let start = earliest; start <= at; start += 1) {
    const endOfHead = start - contentLength;
    if (endOfHead >= 0 && text.slice(0, endOfHead).endsWith(END_OF_HEAD)) found.push(start);
  }
  const [only = null] = found;
  return found.length === 1 ? only : null;
}

/**
 * Where in the latest bytes the request starts whose method the parser has stumbled over.
 *
 * @param before - The request before it on the connection.
 * @param isBeforeWhole - Whether all of that one is among the bytes.
 * @returns null when that cannot be told for sure.
 */
export function methodStart(
  bytes: Buffer,
  error: Error,
  before: IncomingMessage | null,
  isBeforeWhole: boolean,
): number | null {
  const at = 'bytesParsed' in error ? Number(error.bytesParsed) : Number.NaN;
  if (!(at <= bytes.length)) return null;
  const contentLength = contentBytes(before);
  if (contentLength > 0) {
    return isBeforeWhole ? behindContent(bytes.toString('latin1'), at, contentLength) : null;
  }
  // What is before it ends with an empty line.
  const from = Math.max(0, at - LONGEST_BYTES);
  const letters = LETTERS.exec(bytes.toString('latin1', from, at))?.[0].length ?? 0;
  const start = at - letters;
  return start === 0 || bytes[start - 1] === 0x0a ? start : null;
}
