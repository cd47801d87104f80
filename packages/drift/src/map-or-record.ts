import type { Fields, Kind, Place, RecordLessons } from './shape.ts';
import { textFormat } from './text-format.ts';

/** With fewer different keys than this, only their look makes a map. */
const LEAST_KEYS = 8;
const LEAST_BODIES = 4;
/** Of the keys, those seen in one body only: they keep coming. */
const GROWTH = 0.3;

/** Are the keys of these objects data? Asked of all that is known, before and after. */
export function isMap(...records: readonly (RecordLessons | null)[]): boolean {
  const known = records.filter((record) => record !== null);
  if (known.some((record) => record.values !== null)) return true;
  const all = known.flatMap((record) => [...record.variants.values()]);
  const keys = keysOf(all);
  if (keys.size === 0) return false;
  const looks = [...keys.keys()].filter(looksLikeData).length;
  if (looks === keys.size) return placesAgree(keys);
  return keepsGrowing(keys, all) && placesAgree(keys);
}

interface KeyCount {
  bodies: number;
  readonly places: Place[];
}

function keysOf(all: readonly Fields[]): Map<string, KeyCount> {
  const keys = new Map<string, KeyCount>();
  for (const { bodies, members } of all) {
    for (const [key, { none, place }] of members) {
      const known = keys.get(key) ?? { bodies: 0, places: [] };
      keys.set(key, known);
      known.bodies += bodies.count - none.count;
      known.places.push(place);
    }
  }
  return keys;
}

function looksLikeData(key: string): boolean {
  const format = textFormat(key);
  return format !== 'plain' && format !== 'empty';
}

function keepsGrowing(keys: ReadonlyMap<string, KeyCount>, all: readonly Fields[]): boolean {
  const bodies = all.reduce((sum, fields) => sum + fields.bodies.count, 0);
  if (keys.size < LEAST_KEYS || bodies < LEAST_BODIES) return false;
  const counts = [...keys.values()].map((key) => key.bodies);
  const once = counts.filter((count) => count <= 1).length;
  return once > GROWTH * keys.size && counts.every((count) => count <= bodies / 2);
}

/** All values of one type, and objects with mostly the same members. */
function placesAgree(keys: ReadonlyMap<string, KeyCount>): boolean {
  const places = [...keys.values()].flatMap((key) => key.places);
  const types = new Set(places.flatMap((place) => [...place.kinds.keys()].map(typeOf)));
  types.delete('null');
  if (types.size > 1) return false;
  return !types.has('object') || membersAgree(places);
}

function typeOf(kind: Kind): string {
  return kind === 'integer' || kind === 'whole' || kind === 'fraction' ? 'number' : kind;
}

function membersAgree(places: readonly Place[]): boolean {
  const sets = places.map(memberNames).filter((names) => names.size > 0);
  const union = new Set(sets.flatMap((names) => [...names]));
  const shared = sets.reduce((sum, names) => sum + names.size, 0) / Math.max(1, sets.length);
  return shared >= union.size / 2;
}

function memberNames({ record }: Place): Set<string> {
  const variants = [...(record?.variants.values() ?? [])];
  return new Set(variants.flatMap(({ members }) => [...members.keys()]));
}
