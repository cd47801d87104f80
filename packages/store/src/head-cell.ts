import { damaged } from './cell-json.ts';
import type { HeaderLine } from './exchange.ts';
import { toLines } from './headers.ts';

// A cell of exchange that holds a head is a JSON list. Each item is a line: the id of a row of
// header_line, or a name and a value. Up to format 6, the list was name, value, name, value, ...

/**
 * An SQL expression of a head's cell with the lines written out that say how to read the body, which
 * are the only ones that matter then.
 */
export function contentLines(cell: string): string {
  return `iif(${cell} LIKE '["%', ${cell},
    (SELECT json_group_array(json(CASE n.type
       WHEN 'integer' THEN (SELECT json_array(name, value) FROM header_line WHERE id = n.value)
       ELSE n.value END) ORDER BY n.key)
     FROM json_each(${cell}) AS n WHERE n.type <> 'integer' OR n.value IN (
       SELECT id FROM header_line WHERE lower(name) IN ('content-type', 'content-encoding'))))`;
}

function itemsOf(cell: string): readonly unknown[] {
  let items: unknown;
  try {
    items = JSON.parse(cell);
  } catch {
    items = undefined;
  }
  if (Array.isArray(items)) return items;
  throw damaged('headers');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isLine(item: unknown): item is HeaderLine {
  return Array.isArray(item) && item.length === 2 && item.every(isText);
}

/** The rows of header_line that a head's cell refers to, as often as it does. */
export function lineIdsOf(cell: string): number[] {
  return itemsOf(cell).filter((item) => typeof item === 'number');
}

/**
 * The lines of a head, from its cell.
 *
 * @param lineOf - The row of header_line with this id; undefined when there is none.
 * @throws TapeError TAPE_DAMAGED when the cell holds no head.
 */
export function linesOf(
  cell: string,
  lineOf: (id: number) => HeaderLine | undefined = () => undefined,
): HeaderLine[] {
  const items = itemsOf(cell);
  if (isText(items[0])) {
    if (items.every(isText)) return toLines(items);
    throw damaged('headers');
  }
  return items.map((item) => {
    const line = typeof item === 'number' ? lineOf(item) : item;
    if (isLine(line)) return line;
    throw damaged('headers');
  });
}
