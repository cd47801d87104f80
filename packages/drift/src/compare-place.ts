import { pointer, type Scene } from './clue.ts';
import { compareText } from './compare-text.ts';
import { compareTypes } from './compare-types.ts';
import { isMap } from './map-or-record.ts';
import { type Fields, type Member, Place, type RecordLessons, united } from './shape.ts';
import { hasOwnMembers, isTagged, keyOf, valueOf } from './variants.ts';

/** Finds what differs at one place and below it. */
export function comparePlace(scene: Scene, location: string, before: Place, after: Place): void {
  scene.places.add(location);
  compareTypes(scene, location, before, after);
  if (before.text !== null && after.text !== null) {
    const counts = [before.count('string'), after.count('string')] as const;
    compareText(scene, location, before.text, after.text, counts);
  }
  if (before.items !== null && after.items !== null) {
    comparePlace(scene, `${location}/*`, before.items, after.items);
  }
  if (before.record !== null && after.record !== null) {
    compareRecord(scene, location, before.record, after.record);
  }
}

/** After so many objects that all had the same members, another member is news at once. */
const LEAST_ALIKE = 20;

function compareRecord(
  scene: Scene,
  location: string,
  before: RecordLessons,
  after: RecordLessons,
): void {
  if (isMap(before, after)) {
    comparePlace(scene, `${location}/*`, valuesOf(before), valuesOf(after));
  } else if (isTagged(before.variants, after.variants)) {
    compareVariants(scene, location, before, after);
  } else {
    compareFields(scene, location, before.whole(), after.whole());
  }
}

/** What the values of a map have been, under whatever keys. */
export function valuesOf(record: RecordLessons): Place {
  const values = new Place();
  if (record.values !== null) values.merge(record.values);
  for (const { members } of record.variants.values()) {
    for (const { place } of members.values()) values.merge(place);
  }
  return values;
}

/** Each variant by itself, and what they share together, where there is more evidence. */
function compareVariants(
  scene: Scene,
  location: string,
  before: RecordLessons,
  after: RecordLessons,
): void {
  const shared = [...before.variants.keys()].filter((tag) => after.variants.has(tag));
  if (shared.length === 0) {
    compareFields(scene, location, before.whole(), after.whole());
    return;
  }
  const tags = after.variants.has('') ? new Set([...shared, '']) : new Set(shared);
  const together = scene.mixed();
  compareFields(together, location, only(before, tags), only(after, tags));
  scene.take(together.clues);
  for (const tag of shared) compareFields(scene, location, before.fields(tag), after.fields(tag));
  newVariants(scene, location, before, after);
}

function only({ variants }: RecordLessons, tags: ReadonlySet<string>): Fields {
  return united([...variants].filter(([tag]) => tags.has(tag)).map(([, fields]) => fields));
}

function newVariants(
  scene: Scene,
  location: string,
  before: RecordLessons,
  after: RecordLessons,
): void {
  const counts = [...before.variants.values()].map(({ bodies }) => bodies.count);
  for (const [tag, { bodies }] of after.variants) {
    if (tag === '' || before.variants.has(tag)) continue;
    const isVariant = hasOwnMembers(tag, new Map([...before.variants, ...after.variants]));
    scene.add({
      kind: isVariant ? 'variant-added' : 'enum-value-added',
      location: pointer(location, keyOf(tag)),
      was: [...before.variants.keys()].map(valueOf).join(', '),
      is: valueOf(tag),
      before: [0, sum(counts)],
      after: [bodies.count, sum([...after.variants.values()].map((one) => one.bodies.count))],
      expected: counts.filter((count) => count === 1).length,
      examplesBefore: undefined,
      examplesAfter: bodies,
    });
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function compareFields(scene: Scene, location: string, before: Fields, after: Fields): void {
  if (before.bodies.count === 0 || after.bodies.count === 0) return;
  for (const [key, member] of before.members) {
    const now = after.members.get(key);
    const place = pointer(location, key);
    if (now === undefined || now.none.count === after.bodies.count) {
      fieldRemoved(scene, place, member, before, after);
    } else {
      comparePresence(scene, place, member, now, [before.bodies.count, after.bodies.count]);
      comparePlace(scene, place, member.place, now.place);
    }
  }
  for (const [key, member] of after.members) {
    if (!before.members.has(key)) {
      fieldAdded(scene, pointer(location, key), member, before, after);
    }
  }
}

function fieldRemoved(
  scene: Scene,
  location: string,
  member: Member,
  before: Fields,
  after: Fields,
): void {
  const { count } = after.bodies;
  scene.add({
    kind: 'field-removed',
    location,
    force: member.some.count === 0 ? 'strong' : 'weak',
    was: presence(member, before.bodies.count),
    is: 'absent',
    before: [member.none.count, before.bodies.count],
    after: [count, count],
    examplesBefore: member.place.seen,
    examplesAfter: after.bodies,
  });
}

/** The chance that a key is new is about the share of keys that were seen once (Good and Turing). */
function fieldAdded(
  scene: Scene,
  location: string,
  member: Member,
  before: Fields,
  after: Fields,
): void {
  const n = before.bodies.count;
  const counts = [...before.members.values()].map(({ none }) => n - none.count);
  const once = counts.filter((count) => count === 1).length;
  scene.add({
    kind: 'field-added',
    location,
    force: member.some.count === 0 ? 'strong' : 'weak',
    was: 'absent',
    is: presence(member, after.bodies.count),
    before: [0, n],
    after: [after.bodies.count - member.none.count, after.bodies.count],
    expected: n > 1 ? once : 0,
    isCertain: n >= LEAST_ALIKE && counts.every((count) => count === n),
    examplesBefore: before.bodies,
    examplesAfter: member.place.seen,
  });
}

function comparePresence(
  scene: Scene,
  location: string,
  before: Member,
  after: Member,
  [n, m]: readonly [number, number],
): void {
  if (before.some.count === 0) {
    scene.add({
      kind: 'became-optional',
      location,
      was: 'always present',
      is: presence(after, m),
      before: [0, n],
      after: [after.some.count, m],
      examplesBefore: before.place.seen,
      examplesAfter: after.some,
    });
  } else if (after.some.count === 0) {
    scene.add({
      kind: 'became-required',
      location,
      was: presence(before, n),
      is: 'always present',
      before: [n - before.some.count, n],
      after: [m, m],
      examplesBefore: before.some,
      examplesAfter: after.place.seen,
    });
  }
}

function presence({ some }: Member, bodies: number): string {
  return some.count === 0 ? 'always present' : `absent in ${some.count} of ${bodies}`;
}
