import {
  bodyText,
  decodeBody,
  indentJson,
  mediaType,
  type Body,
  type HeaderLine,
} from '@calltape/store';
import { hexDump } from './hex-dump.ts';
import { sizeText } from './units.ts';

/** More than this of a text is not for reading on a terminal. */
const MOST_TEXT_BYTES = 64 * 1024;
const MOST_DUMPED_BYTES = 256;

/** A body for people to read: JSON laid out, text, or the first bytes in hexadecimal; and notes. */
export function bodyLines(body: Body, headers: readonly HeaderLine[]): string[] {
  if (body.size === 0) return [];
  const whole = decodeBody(body, headers);
  const text = bodyText(whole, headers);
  const note = whole.problem === null ? [] : [`(${whole.problem})`];
  if (text === null) return [...dumpLines(whole.bytes), ...note];
  const isLong = text.length > MOST_TEXT_BYTES;
  const shown = isLong ? text.slice(0, MOST_TEXT_BYTES) : readable(text, headers);
  const more = `(${sizeText(whole.bytes.length)} of text, its beginning is shown; --body gives all)`;
  return [...shown.split(/\r?\n/), ...(isLong ? [more] : note)];
}

/** JSON is laid out, its literals untouched; any other text stays as it is. */
function readable(text: string, headers: readonly HeaderLine[]): string {
  return (/[/+]json$/.test(mediaType(headers)) ? indentJson(text) : null) ?? text;
}

function dumpLines(bytes: Uint8Array): string[] {
  const size = sizeText(bytes.length);
  if (bytes.length <= MOST_DUMPED_BYTES) return [`(binary, ${size})`, ...hexDump(bytes)];
  return [
    `(binary, ${size}; its first ${MOST_DUMPED_BYTES} bytes are shown, --body gives all)`,
    ...hexDump(bytes.subarray(0, MOST_DUMPED_BYTES)),
  ];
}
