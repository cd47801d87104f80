import type { Scene } from './clue.ts';
import { closedValues, trustIn } from './closed-set.ts';
import { type Sightings } from './sightings.ts';
import { isIdFormat, isTimeFormat, isSchemaFormat, type TextFormat } from './text-format.ts';
import type { TextLessons } from './text-lessons.ts';

/** The texts at one place before and after; `n` and `m` are the bodies that had any. */
export function compareText(
  scene: Scene,
  location: string,
  before: TextLessons,
  after: TextLessons,
  [n, m]: readonly [number, number],
): void {
  const held = heldFormat(before);
  if (held === undefined) gainedFormat(scene, location, before, after, [n, m]);
  else lostFormat(scene, location, held, before, after, [n, m]);
  const values = closedValues(before, n);
  if (values !== undefined) compareValues(scene, location, values, after, [n, m]);
}

/** The format that all texts had, if there is one. */
function heldFormat({ formats }: TextLessons): TextFormat | undefined {
  const [format] = formats.keys();
  return formats.size === 1 && format !== 'plain' && format !== 'empty' ? format : undefined;
}

function lostFormat(
  scene: Scene,
  location: string,
  held: TextFormat,
  before: TextLessons,
  after: TextLessons,
  [n, m]: readonly [number, number],
): void {
  const others = [...after.formats].filter(([format]) => format !== held);
  const common = others.toSorted(([, a], [, b]) => b.count - a.count)[0];
  if (common === undefined) return;
  scene.add({
    kind: 'format-changed',
    location,
    force: isPromise(held) ? 'strong' : 'weak',
    was: held,
    is: common[0],
    before: [0, n],
    after: [others.reduce((sum, [, seen]) => sum + seen.count, 0), m],
    examplesBefore: before.formats.get(held),
    examplesAfter: common[1],
  });
}

/** Texts of one look now, and of others before. */
function gainedFormat(
  scene: Scene,
  location: string,
  before: TextLessons,
  after: TextLessons,
  [n, m]: readonly [number, number],
): void {
  const gained = heldFormat(after);
  if (gained === undefined || !(isSchemaFormat(gained) || isTimeFormat(gained))) return;
  scene.add({
    kind: 'format-changed',
    location,
    force: 'weak',
    was: 'text',
    is: gained,
    before: [before.formats.get(gained)?.count ?? 0, n],
    after: [m, m],
    examplesBefore: before.formats.get('plain'),
    examplesAfter: after.formats.get(gained),
  });
}

/** How an id looks is nobody's promise, and a number in quotes is no format. */
function isPromise(format: TextFormat): boolean {
  return !isIdFormat(format) && format !== 'decimal';
}

function compareValues(
  scene: Scene,
  location: string,
  values: ReadonlyMap<string, Sightings>,
  after: TextLessons,
  counts: readonly [number, number],
): void {
  const [n, m] = counts;
  if (after.values === null) return;
  const fresh = [...after.values].filter(([text]) => !values.has(text));
  const once = [...values.values()].filter((seen) => seen.count === 1).length;
  const [common] = fresh.toSorted(([, a], [, b]) => b.count - a.count);
  if (common !== undefined) {
    scene.add({
      kind: 'enum-value-added',
      location,
      was: named([...values.keys()]),
      is: named(fresh.map(([text]) => text)),
      before: [0, n],
      after: [fresh.reduce((sum, [, seen]) => sum + seen.count, 0), m],
      expected: once,
      trust: trustIn([...values.values()].map((seen) => seen.count)),
      examplesBefore: undefined,
      examplesAfter: common[1],
    });
  }
  missingValues(scene, location, values, after.values, counts);
}

function missingValues(
  scene: Scene,
  location: string,
  values: ReadonlyMap<string, Sightings>,
  after: ReadonlyMap<string, Sightings>,
  [n, m]: readonly [number, number],
): void {
  for (const [text, seen] of values) {
    if (after.has(text)) continue;
    scene.add({
      kind: 'enum-value-removed',
      location,
      was: named([text]),
      is: named([...after.keys()]),
      before: [n - seen.count, n],
      after: [m, m],
      // Each value is a test of its own.
      trust: 1 / Math.sqrt(values.size),
      examplesBefore: seen,
      examplesAfter: undefined,
    });
  }
}

function named(values: readonly string[]): string {
  const some = values.slice(0, 5).map((text) => JSON.stringify(text));
  return values.length > 5 ? `${some.join(', ')} and ${values.length - 5} more` : some.join(', ');
}
