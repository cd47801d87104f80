import { closedValues } from './closed-set.ts';
import { pointer } from './clue.ts';
import { valuesOf } from './compare-place.ts';
import { typesOf } from './compare-types.ts';
import { isMap } from './map-or-record.ts';
import type { Place, RecordLessons } from './shape.ts';

/** A place of a body, and what stood there. */
export interface TreeLine {
  /** How deep it is: 0 for the body as a whole. */
  readonly depth: number;
  /** JSON Pointer, `*` for every item or every key of a map. */
  readonly location: string;
  /** The last step of it; empty for the body as a whole. */
  readonly name: string;
  readonly types: string;
  /** In how many bodies, of how many that could have had it. */
  readonly present: number;
  readonly of: number;
  readonly nulls: number;
  /** The format of a text, or its values. */
  readonly more: string;
}

const MOST_VALUES = 8;

/** What was learned of bodies as an indented list with counts. */
export function treeOf(root: Place): TreeLine[] {
  const seen = root.seen.count;
  return placeLines(root, { depth: 0, location: '', name: '', present: seen, of: seen });
}

type At = Pick<TreeLine, 'depth' | 'location' | 'name' | 'present' | 'of'>;

function placeLines(place: Place, at: At): TreeLine[] {
  const line = { ...at, types: typesOf(place) || 'unknown', nulls: place.count('null') };
  const { items, record } = place;
  return [
    { ...line, more: textOf(place) },
    ...(items === null ? [] : placeLines(items, below(at, '*', items.seen.count))),
    ...(record === null ? [] : recordLines(record, at)),
  ];
}

function below({ depth, location }: At, name: string, present: number, of = present): At {
  const at = name === '*' ? `${location}/*` : pointer(location, name);
  return { depth: depth + 1, location: at, name, present, of };
}

function recordLines(record: RecordLessons, at: At): TreeLine[] {
  if (isMap(record)) {
    const values = valuesOf(record);
    return placeLines(values, below(at, '*', values.seen.count));
  }
  const { members, bodies } = record.whole();
  return [...members].flatMap(([key, { place, some }]) =>
    placeLines(place, below(at, key, bodies.count - some.count, bodies.count)),
  );
}

function textOf({ text, kinds }: Place): string {
  const count = kinds.get('string')?.count ?? 0;
  if (text === null || count === 0) return '';
  const values = closedValues(text, count);
  if (values !== undefined) {
    const names = [...values.keys()].slice(0, MOST_VALUES);
    return `one of ${names.join(', ')}${values.size > MOST_VALUES ? ', ...' : ''}`;
  }
  const [format] = text.formats.keys();
  return format === undefined || format === 'plain' || text.formats.size > 1 ? '' : format;
}
