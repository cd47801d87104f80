import type { Finding, Scene } from './clue.ts';
import type { Kind, Place } from './shape.ts';
import { Sightings } from './sightings.ts';

const TYPES: readonly (readonly [name: string, kinds: readonly Kind[]])[] = [
  ['boolean', ['boolean']],
  ['number', ['integer', 'whole', 'fraction']],
  ['string', ['string']],
  ['array', ['array']],
  ['object', ['object']],
];

/** The types at one place: null, new ones, lost ones, and whole numbers that have fractions now. */
export function compareTypes(scene: Scene, location: string, before: Place, after: Place): void {
  compareNull(scene, location, before, after);
  if (before.known.count === 0 || after.known.count === 0) return;
  const added = addedType(location, before, after);
  if (added !== undefined) scene.add(added);
  else lostType(scene, location, before, after);
  compareFractions(scene, location, before, after);
}

function compareNull(scene: Scene, location: string, before: Place, after: Place): void {
  const [was, is] = [before.count('null'), after.count('null')];
  const [n, m] = [before.seen.count, after.seen.count];
  if (was === 0) {
    scene.add({
      kind: 'nullable-added',
      location,
      was: typesOf(before),
      is: typesOf(after),
      before: [0, n],
      after: [is, m],
      examplesBefore: before.known,
      examplesAfter: after.kinds.get('null'),
    });
  } else if (is === 0) {
    scene.add({
      kind: 'nullable-removed',
      location,
      was: typesOf(before),
      is: typesOf(after),
      before: [n - was, n],
      after: [m, m],
      examplesBefore: before.kinds.get('null'),
      examplesAfter: after.known,
    });
  }
}

/** The type that is new and most common now. */
function addedType(location: string, before: Place, after: Place): Finding | undefined {
  const fresh = TYPES.filter(
    ([, kinds]) => before.count(...kinds) === 0 && after.count(...kinds) > 0,
  );
  const [common] = fresh.toSorted(([, a], [, b]) => after.count(...b) - after.count(...a));
  if (common === undefined) return undefined;
  return {
    kind: 'type-changed',
    location,
    was: typesOf(before),
    is: typesOf(after),
    before: [0, before.known.count],
    after: [after.count(...common[1]), after.known.count],
    examplesBefore: before.known,
    examplesAfter: seenOf(after, common[1]),
  };
}

function lostType(scene: Scene, location: string, before: Place, after: Place): void {
  for (const [, kinds] of TYPES) {
    if (before.count(...kinds) === 0 || after.count(...kinds) > 0) continue;
    const n = before.known.count;
    scene.add({
      kind: 'type-changed',
      location,
      force: 'weak',
      was: typesOf(before),
      is: typesOf(after),
      before: [n - before.count(...kinds), n],
      after: [after.known.count, after.known.count],
      examplesBefore: seenOf(before, kinds),
      examplesAfter: after.known,
    });
  }
}

function compareFractions(scene: Scene, location: string, before: Place, after: Place): void {
  const [n, m] = [before, after].map((place) => place.count('integer', 'whole', 'fraction'));
  if (n === undefined || m === undefined || n === 0 || m === 0) return;
  const hadNone = before.count('whole', 'fraction') === 0;
  if (hadNone) {
    scene.add({
      kind: 'type-changed',
      location,
      was: 'integer',
      is: 'number',
      before: [0, n],
      after: [after.count('fraction'), m],
      examplesBefore: before.kinds.get('integer'),
      examplesAfter: after.kinds.get('fraction'),
    });
  } else if (before.count('fraction') > 0 && after.count('whole', 'fraction') === 0) {
    scene.add({
      kind: 'type-changed',
      location,
      force: 'weak',
      was: 'number',
      is: 'integer',
      before: [n - before.count('fraction'), n],
      after: [m, m],
      examplesBefore: before.kinds.get('fraction'),
      examplesAfter: after.kinds.get('integer'),
    });
  }
}

function seenOf(place: Place, kinds: readonly Kind[]): Sightings {
  const all = new Sightings();
  for (const kind of kinds) {
    const seen = place.kinds.get(kind);
    if (seen !== undefined) all.merge(seen);
  }
  return all;
}

/** `string or null`. */
export function typesOf(place: Place): string {
  const names = TYPES.flatMap(([name, kinds]) => {
    if (place.count(...kinds) === 0) return [];
    return name === 'number' && place.count('whole', 'fraction') === 0 ? ['integer'] : [name];
  });
  if (place.count('null') > 0) names.push('null');
  return names.join(' or ');
}
