import { closedValues } from './closed-set.ts';
import { valuesOf } from './compare-place.ts';
import { isMap } from './map-or-record.ts';
import type { Place, RecordLessons } from './shape.ts';
import { isSchemaFormat } from './text-format.ts';
import type { TextLessons } from './text-lessons.ts';

/** A schema of JSON Schema 2020-12; an empty one allows everything. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The narrowest of the schemas we write that allows everything that was learned. */
export function exportSchema(place: Place): JsonSchema {
  const types = typesOf(place);
  if (types.length === 0 || place.count('deep') > 0) return {};
  const values = valuesSchema(place, types);
  if (values !== undefined) return values;
  return {
    type: types.length === 1 ? types[0] : types,
    ...formatSchema(place.text),
    ...(place.items === null || place.leftOut > 0 ? {} : { items: exportSchema(place.items) }),
    ...(place.record === null ? {} : objectSchema(place.record)),
  };
}

function typesOf(place: Place): string[] {
  const hasFractions = place.count('fraction') > 0;
  const names = {
    object: place.count('object'),
    array: place.count('array'),
    string: place.count('string'),
    number: hasFractions ? 1 : 0,
    integer: hasFractions ? 0 : place.count('integer', 'whole'),
    boolean: place.count('boolean'),
    null: place.count('null'),
  };
  return Object.entries(names).flatMap(([name, count]) => (count === 0 ? [] : [name]));
}

/** The values of a closed set, where nothing else stands. */
function valuesSchema(place: Place, types: readonly string[]): JsonSchema | undefined {
  const { text } = place;
  const isText = types.every((type) => type === 'string' || type === 'null');
  if (text === null || !isText) return undefined;
  const values = closedValues(text, place.count('string'));
  if (values === undefined) return undefined;
  const all = [...values.keys()].toSorted();
  return {
    type: types.length === 1 ? types[0] : types,
    enum: types.length === 1 ? all : [...all, null],
  };
}

function formatSchema(text: TextLessons | null): JsonSchema {
  const [format] = text?.formats.keys() ?? [];
  if (format === undefined || text?.formats.size !== 1) return {};
  return isSchemaFormat(format) ? { format } : {};
}

function objectSchema(record: RecordLessons): JsonSchema {
  if (isMap(record)) return { additionalProperties: exportSchema(valuesOf(record)) };
  const { members, bodies } = record.whole();
  if (members.size === 0) return {};
  const sorted = [...members];
  const isWhole = record.empty.count === 0 && record.leftOut === 0;
  const required = sorted.filter(([, { some }]) => some.count === 0).map(([key]) => key);
  return {
    properties: Object.fromEntries(sorted.map(([key, { place }]) => [key, exportSchema(place)])),
    ...(isWhole && bodies.count > 0 && required.length > 0 ? { required } : {}),
  };
}
