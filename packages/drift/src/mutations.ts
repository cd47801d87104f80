import { closedValues } from './closed-set.ts';
import { pointer } from './clue.ts';
import { valuesOf } from './compare-place.ts';
import { typesOf } from './compare-types.ts';
import type { DriftKind } from './drift.ts';
import type { EndpointLessons } from './endpoint-lessons.ts';
import { isMap } from './map-or-record.ts';
import type { Member, Place, RecordLessons } from './shape.ts';

export type MutationKind = Extract<
  DriftKind,
  'field-removed' | 'nullable-added' | 'type-changed' | 'enum-value-added'
>;

/** A change that a client of this endpoint has never seen, and that an API may well make. */
export interface Mutation {
  /** The answers it is for. */
  readonly status: number;
  readonly mediaType: string;
  /** JSON Pointer, `*` for every item or every key of a map. */
  readonly location: string;
  readonly kind: MutationKind;
  /** `present in 212 of 212`. */
  readonly reason: string;
  /** How much a client may rely on what changes, 0 to 1; the list is ordered by it. */
  readonly weight: number;
}

/** The likeliest first: what a client has always seen the same is what it is not ready for. */
export function mutationsOf({ responses }: EndpointLessons): Mutation[] {
  return [...responses]
    .filter(([status]) => status >= 200 && status < 300)
    .flatMap(([status, { bodies }]) =>
      [...bodies].flatMap(([mediaType, { root }]) =>
        placeMutations('', root, 1).map((found) => ({ status, mediaType, ...found })),
      ),
    )
    .toSorted((a, b) => b.weight - a.weight || (a.location < b.location ? -1 : 1));
}

type Found = Omit<Mutation, 'status' | 'mediaType'>;

function placeMutations(location: string, place: Place, reach: number): Found[] {
  const { items, record } = place;
  return [
    ...(items === null ? [] : placeMutations(`${location}/*`, items, reach * 0.8)),
    ...(record === null ? [] : recordMutations(location, record, reach)),
  ];
}

function recordMutations(location: string, record: RecordLessons, reach: number): Found[] {
  if (isMap(record)) return placeMutations(`${location}/*`, valuesOf(record), reach * 0.8);
  const { members, bodies } = record.whole();
  const total = bodies.count;
  return [...members].flatMap(([key, member]) => {
    const at = pointer(location, key);
    const share = reach * ((total - member.none.count) / Math.max(1, total));
    return [
      ...memberMutations(at, member, total, share),
      ...placeMutations(at, member.place, share * 0.9),
    ];
  });
}

function memberMutations(location: string, member: Member, total: number, share: number): Found[] {
  const { place } = member;
  const present = total - member.none.count;
  const found: Found[] = [
    {
      location,
      kind: 'field-removed',
      reason: `present in ${present} of ${total}`,
      weight: trust(present, total) * share,
    },
  ];
  const nulls = place.count('null');
  const seen = place.seen.count;
  if (nulls < seen) {
    found.push(nullAdded(location, nulls, seen, share), typeChanged(location, place, share));
  }
  return [...found, ...valueAdded(location, place, share)];
}

/** Laplace: 3 of 3 is no reason to rely on more than 4 of 5. */
function trust(count: number, total: number): number {
  return (count + 1) / (total + 2);
}

function nullAdded(location: string, nulls: number, seen: number, share: number): Found {
  return {
    location,
    kind: 'nullable-added',
    reason: nulls === 0 ? `never null in ${seen}` : `null in ${nulls} of ${seen}`,
    weight: nulls === 0 ? trust(seen, seen) * share * 0.9 : 0.1 * share,
  };
}

function typeChanged(location: string, place: Place, share: number): Found {
  const count = place.known.count;
  return {
    location,
    kind: 'type-changed',
    reason: `${typesOf(place)} in ${count} of ${count}`,
    weight: trust(count, count) * share * 0.6,
  };
}

function valueAdded(location: string, { text, kinds }: Place, share: number): Found[] {
  const count = kinds.get('string')?.count ?? 0;
  const values = text === null ? undefined : closedValues(text, count);
  if (values === undefined) return [];
  const names = [...values.keys()].slice(0, 5).join(', ');
  return [
    {
      location,
      kind: 'enum-value-added',
      reason: `one of ${values.size} values in ${count} of ${count}: ${names}`,
      weight: trust(count, count) * share * 0.8,
    },
  ];
}
