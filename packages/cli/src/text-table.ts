/** A column of a printed table. */
export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Cells are at least so wide, where a table comes in pieces that should stand in line. */
  readonly least?: number;
  /** What the cell says; safe for a terminal. */
  readonly cell: (row: Row) => string;
  /** Colours a padded cell; called only when colours are on. */
  readonly paint?: (padded: string, row: Row) => string;
}

export interface TableStyle {
  readonly color: boolean;
  /** Lines are cut at this width; null leaves them whole. */
  readonly columns: number | null;
}

/** A heading and one line a row, columns two spaces apart. */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: TableStyle,
): string {
  return tableLines(rows, columns, style).join('');
}

/** The lines of rows that come later, for below a table. */
export function furtherLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: TableStyle,
): string {
  return tableLines(rows, columns, style).slice(1).join('');
}

function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { color, columns: width }: TableStyle,
): string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map(({ title, least = 0 }, at) =>
    Math.max(least, title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const heading = layOut(
    columns.map(({ title }) => title),
    columns,
    widths,
    width,
  );
  const lines = rows.map((row, at) => {
    const padded = layOut(cells[at] ?? [], columns, widths, width);
    return color ? padded.map((text, index) => columns[index]?.paint?.(text, row) ?? text) : padded;
  });
  return [heading, ...lines].map((line) => `${line.join('  ').trimEnd()}\n`);
}

/** Pads every cell to its column, and cuts what would not fit on the line. */
function layOut<Row>(
  cells: readonly string[],
  columns: readonly Column<Row>[],
  widths: readonly number[],
  lineWidth: number | null,
): string[] {
  let room = lineWidth ?? Infinity;
  return cells.map((cell, at) => {
    const width = widths[at] ?? 0;
    const padded = columns[at]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
    const fitting = padded.length > room ? cut(padded, room) : padded;
    room = Math.max(0, room - fitting.length - 2);
    return fitting;
  });
}

function cut(text: string, room: number): string {
  if (text.trimEnd().length <= room) return text.slice(0, room);
  return room < 1 ? '' : `${text.slice(0, room - 1)}…`;
}
