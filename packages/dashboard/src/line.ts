import { cellWidth, truncate } from './cells.ts';
import { join, repeat, safe, type Safe } from './safe.ts';
import type { Role, Theme } from './theme.ts';

/** A piece of a line that looks the same from end to end. */
export interface Span {
  readonly text: Safe;
  readonly role: Role;
}

export type Line = readonly Span[];

export function span(text: Safe, role: Role = 'plain'): Span {
  return { text, role };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + cellWidth(text), 0);
}

/** Spaces. */
export function gap(width: number): Span {
  return span(repeat(safe` `, width));
}

/** Exactly `columns` cells: padded with spaces, or cut. */
export function fit(line: Line, columns: number): Line {
  const kept: Span[] = [];
  let room = columns;
  for (const { text, role } of line) {
    const part = truncate(text, room, safe``);
    kept.push({ text: part, role });
    room -= cellWidth(part);
    if (part.length < text.length) break;
  }
  return [...kept, gap(room)];
}

/** Left and right ends of a line; the left is cut when both do not fit. */
export function spread(left: Line, right: Line, columns: number): Line {
  const room = columns - widthOf(right);
  if (room < 1) return fit(left, columns);
  return [...fit(left, room), ...right];
}

/** The same text, all of it looking selected. */
export function selected(line: Line): Line {
  return [span(join(line.map(({ text }) => text)), 'selected')];
}

/** What is written to the terminal for a line. */
export function paint(line: Line, columns: number, theme: Theme): string {
  return fit(line, columns)
    .filter(({ text }) => text.length > 0)
    .map(({ text, role }) => theme(role, text))
    .join('');
}

/** As many of the parts as fit, whole; `more` tells that there are others. */
export function joinThatFit(
  parts: readonly Safe[],
  between: Safe,
  width: number,
  more: Safe,
): Safe {
  const all = join(parts, between);
  if (cellWidth(all) <= width) return all;
  const fitting = parts.map((_, at) => join([...parts.slice(0, at), more], between));
  return fitting.findLast((text) => cellWidth(text) <= width) ?? safe``;
}

/** The first of several ways to say something that fits; the last one when none does. */
export function firstThatFits(ways: readonly Line[], width: number): Line {
  return ways.find((way) => widthOf(way) <= width) ?? ways.at(-1) ?? [];
}
