import type { FlatHeaders } from './draft.ts';
import type { HeaderLine } from './exchange.ts';

/** The value of the first line of that name, compared without case (RFC 9110 section 5.1). */
export function header(headers: readonly HeaderLine[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** The values of all lines of that name, in their order. */
export function headerAll(headers: readonly HeaderLine[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers
    .filter(([candidate]) => candidate.toLowerCase() === wanted)
    .map(([, value]) => value);
}

/** A flat name, value, name, value, ... list as lines; a name without a value is left out. */
export function toLines(flat: FlatHeaders): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) lines.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return lines;
}

/** Lines as the flat list that `node:http` takes and gives. */
export function toFlat(lines: readonly HeaderLine[]): string[] {
  return lines.flat();
}
