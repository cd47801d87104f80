import {
  type Body,
  bodyText,
  decodeBody,
  type HeaderLine,
  indentJson,
  mediaType,
} from '@calltape/store';
import { wrap } from './cells.ts';
import { bytes } from './format.ts';
import { type Line, span } from './line.ts';
import { safe, type Safe, show, showLines } from './safe.ts';

/** What is decoded of a body for reading on a screen. */
const MAX_BYTES = 256 * 1024;
const MAX_HEX_BYTES = 1024;
const HEX_A_LINE = 16;

function hex(content: Uint8Array): Safe[] {
  const lines: Safe[] = [];
  for (let at = 0; at < Math.min(content.length, MAX_HEX_BYTES); at += HEX_A_LINE) {
    const part = content.subarray(at, at + HEX_A_LINE);
    const codes = [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = Buffer.from(part)
      .toString('latin1')
      .replaceAll(/[^ -~]/g, '.');
    const offset = at.toString(16).padStart(6, '0');
    lines.push(show(`${offset}  ${codes.padEnd(HEX_A_LINE * 3 - 1)}  ${letters}`));
  }
  return lines;
}

function textLines(content: string): Safe[] {
  return showLines(indentJson(content) ?? content);
}

/** A body with its content coding taken off: JSON indented, other text as it is, the rest as hex. */
export function bodyLines(
  title: Safe,
  body: Body,
  headers: readonly HeaderLine[],
  width: number,
): Line[] {
  if (body.size === 0) return [[span(title, 'title'), span(safe`  empty`)]];
  const decoded = decodeBody(body, headers, { maxBytes: MAX_BYTES });
  const content = bodyText(decoded, headers);
  const lines = content === null ? hex(decoded.bytes) : textLines(content);
  const size = safe`  ${show(mediaType(headers))}  ${bytes(body.size)}`;
  const problem =
    decoded.problem === null
      ? []
      : wrap(show(decoded.problem), width - 2).map((text) => [
          span(safe`  ${text}`, 'clientError'),
        ]);
  return [
    [span(title, 'title'), span(size)],
    ...problem,
    ...lines.flatMap((line) => wrap(line, width - 2)).map((line): Line => [span(safe`  ${line}`)]),
  ];
}
