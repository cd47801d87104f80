// Tables as they stand in the documents: what a benchmark prints can be put there as it is.

/**
 * A Markdown table with its columns aligned.
 *
 * @param rows - The first one is the heading.
 * @param words - The columns that are aligned to the left, others hold figures.
 */
export function table(
  rows: readonly (readonly string[])[],
  words: readonly number[] = [0],
): string {
  const [heading = []] = rows;
  const widths = heading.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, at) => {
      const cell = row[at] ?? '';
      return words.includes(at) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, at) =>
    words.includes(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(heading), line(rule), ...rows.slice(1).map(line)].join('\n');
}

/** Lists of different lengths beside each other, as rows of one table. */
export function beside(...lists: readonly (readonly (readonly string[])[])[]): string[][] {
  const rows = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: rows }, (_, row) =>
    lists.flatMap((list) => list[row] ?? (list[0] ?? []).map(() => '')),
  );
}
