import { cellWidth } from './cells.ts';
import { fit, gap, type Line, type Span, span, widthOf } from './line.ts';
import type { Safe } from './safe.ts';

const BETWEEN = 1;

export interface Column<Row> {
  readonly title: Safe;
  /** A title that makes use of the width it gets. */
  readonly titleFor?: (width: number) => Safe;
  /** Cells it has at the least. A column that does not grow is widened to its widest cell. */
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Its share of the room that is left over; without one it does not grow. */
  readonly grow?: number;
  /** Cells it has at the most. */
  readonly max?: number;
  /** When room is short, the column with the lowest number goes first. */
  readonly keep: number;
  /** What it shows, in at most `width` cells. Numbers are shown whole or not at all. */
  readonly cell: (row: Row, width: number) => Span;
}

export interface LaidOut<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

function naturalWidth<Row>(column: Column<Row>, rows: readonly Row[]): number {
  const titled = Math.max(column.width, cellWidth(column.title));
  if (column.grow !== undefined) return titled;
  return rows.reduce(
    (widest, row) => Math.max(widest, cellWidth(column.cell(row, titled).text)),
    titled,
  );
}

function total<Row>(columns: readonly LaidOut<Row>[]): number {
  const between = BETWEEN * Math.max(0, columns.length - 1);
  return columns.reduce((sum, { width }) => sum + width, between);
}

function dropUntilItFits<Row>(columns: readonly LaidOut<Row>[], room: number): LaidOut<Row>[] {
  const kept = [...columns];
  while (kept.length > 1 && total(kept) > room) {
    const lowest = Math.min(...kept.map(({ column }) => column.keep));
    kept.splice(
      kept.findIndex(({ column }) => column.keep === lowest),
      1,
    );
  }
  return kept;
}

/** Hands out the room left over, in turns, since a column that is full leaves its share to others. */
function grow<Row>(columns: readonly LaidOut<Row>[], room: number): LaidOut<Row>[] {
  let grown = [...columns];
  for (let turn = 0; turn < columns.length; turn += 1) {
    const spare = room - total(grown);
    const growing = grown.filter(({ column, width }) => width < mostOf(column));
    const shares = growing.reduce((sum, { column }) => sum + (column.grow ?? 0), 0);
    if (spare < 1 || shares === 0) break;
    grown = grown.map(({ column, width }) => {
      const share = growing.some((one) => one.column === column) ? (column.grow ?? 0) : 0;
      const more = Math.floor((spare * share) / shares);
      return { column, width: Math.min(Math.max(width, mostOf(column)), width + more) };
    });
  }
  return grown;
}

function mostOf<Row>(column: Column<Row>): number {
  if (column.grow === undefined) return 0;
  return column.max ?? Number.POSITIVE_INFINITY;
}

/** Which columns fit into `room` cells, and how wide each is. */
export function layOut<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number,
): LaidOut<Row>[] {
  const natural = columns.map((column) => ({ column, width: naturalWidth(column, rows) }));
  return grow(dropUntilItFits(natural, room), room);
}

function align(cell: Span, width: number, side: 'left' | 'right'): Line {
  const line = fit([cell], Math.min(width, widthOf([cell])));
  const padding = gap(width - widthOf(line));
  return side === 'left' ? [...line, padding] : [padding, ...line];
}

function lineOf<Row>(columns: readonly LaidOut<Row>[], cell: (one: LaidOut<Row>) => Span): Line {
  return columns.flatMap((one, index) => {
    const line = align(cell(one), one.width, one.column.align);
    return index === 0 ? line : [gap(BETWEEN), ...line];
  });
}

export function titleLine<Row>(columns: readonly LaidOut<Row>[]): Line {
  return lineOf(columns, ({ column, width }) =>
    span(column.titleFor?.(width) ?? column.title, 'title'),
  );
}

export function rowLine<Row>(columns: readonly LaidOut<Row>[], row: Row): Line {
  return lineOf(columns, ({ column, width }) => column.cell(row, width));
}
