import { readSource } from '../source-files.ts';

const END = '<!-- end -->';
export const FAULTS_PAGE = 'docs/faults.md';

/** A table of the page: what is in front of it. */
export type TableName = 'plain' | 'secure';

function startOf(name: TableName): string {
  return `<!-- made by scripts/make-fault-table.ts: ${name} -->`;
}

function cells(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

/** A table in Markdown, its columns as wide as their widest cell. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

interface Parted {
  readonly before: string;
  readonly made: string;
  readonly after: string;
}

function parted(page: string, name: TableName): Parted {
  const start = startOf(name);
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(END, from);
  return { before: page.slice(0, from), made: page.slice(from, to), after: page.slice(to) };
}

/** The rows of a table in the page, head first. */
export function committedTable(name: TableName): string[][] {
  return parted(readSource(FAULTS_PAGE), name)
    .made.split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map(cells);
}

/** The curl that the tables in the page were made with. */
export function committedCurl(): string | null {
  return /curl (\d[\w.]*)/.exec(readSource(FAULTS_PAGE))?.[1] ?? null;
}

/** The page with another table, and a line in front of it. */
export function withTable(
  page: string,
  name: TableName,
  rows: readonly (readonly string[])[],
  line: string,
): string {
  const { before, after } = parted(page, name);
  return `${before}\n\n${line}${markdownTable(rows)}\n\n${after}`;
}
