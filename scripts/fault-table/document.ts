import { readSource } from '../source-files.ts';

const START = '<!-- made by scripts/make-fault-table.ts -->';
const END = '<!-- end -->';
export const FAULTS_PAGE = 'docs/faults.md';

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

/** The rows of the table in the page, head first. */
export function committedTable(): string[][] {
  const page = readSource(FAULTS_PAGE);
  const table = page.slice(page.indexOf(START) + START.length, page.indexOf(END));
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map(cells);
}

/** The curl that the table in the page was made with. */
export function committedCurl(): string | null {
  return /curl (\d[\w.]*)/.exec(readSource(FAULTS_PAGE))?.[1] ?? null;
}

/** The page with another table, and the versions of what made it. */
export function pageWith(rows: readonly (readonly string[])[], versions: string): string {
  const page = readSource(FAULTS_PAGE);
  const [before = ''] = page.split(START);
  const after = page.slice(page.indexOf(END));
  return `${before}${START}\n\n${versions}\n\n${markdownTable(rows)}\n\n${after}`;
}
