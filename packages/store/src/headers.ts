import type { FlatHeaders } from './draft.ts';
import type { HeaderLine } from './exchange.ts';
// interim file of the lead, to be replaced
export function toLines(flat: FlatHeaders): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) lines.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return lines;
}
