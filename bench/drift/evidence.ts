// Whether the calls that were drawn show a difference so clearly that it has to be found. By counts of
// distinct bodies alone, with no regard to how the finder reckons.
import type { Label } from './differences.ts';
import type { DrawnCall } from './draw-calls.ts';

/** In how many distinct bodies a place could be looked at, and what was there. */
interface Sight {
  readonly parents: number;
  readonly present: number;
  readonly absent: number;
  readonly nulls: number;
  readonly types: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, number>;
}

/** Distinct bodies on each side. */
const FEWEST = 12;
const FEWEST_EVENTS = 6;
const OFTEN = 0.5;
const NOT_SELDOM = 0.4;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

function below(value: unknown, step: string): readonly (readonly [boolean, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).map((one): [boolean, unknown] => [true, one]);
  if (Array.isArray(value)) return [];
  const found = Object.entries(value).find(([key]) => key === step);
  return [found === undefined ? [false, undefined] : [true, found[1]]];
}

function valuesAt(
  body: unknown,
  steps: readonly string[],
): readonly (readonly [boolean, unknown])[] {
  let level: readonly (readonly [boolean, unknown])[] = [[true, body]];
  for (const step of steps) level = level.flatMap(([, value]) => below(value, step));
  return level;
}

function add(counts: Map<string, number>, keys: Iterable<string>): void {
  for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sight(bodies: readonly unknown[], location: string): Sight {
  const steps = location
    .split('/')
    .slice(1)
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  const counts = { parents: 0, present: 0, absent: 0, nulls: 0 };
  const types = new Map<string, number>();
  const values = new Map<string, number>();
  for (const body of bodies) {
    const found = valuesAt(body, steps);
    if (found.length === 0) continue;
    counts.parents += 1;
    const there = found.flatMap(([isThere, value]) => (isThere ? [value] : []));
    if (there.length > 0) counts.present += 1;
    if (there.length < found.length) counts.absent += 1;
    if (there.includes(null)) counts.nulls += 1;
    add(types, there.map(typeOf));
    add(
      values,
      there.map((value) => JSON.stringify(value)),
    );
  }
  return { ...counts, types, values };
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}

/** It never happened before and is not seldom now. */
function appeared(before: number, after: number, total: number): boolean {
  return before === 0 && after >= FEWEST_EVENTS && share(after, total) >= NOT_SELDOM;
}

/** It was usual before and never happened since. */
function vanished(before: number, total: number, after: number): boolean {
  return after === 0 && before >= FEWEST_EVENTS && share(before, total) >= OFTEN;
}

function most(counts: ReadonlyMap<string, number>, keys: string): number {
  return Math.max(0, ...keys.split(',').map((key) => counts.get(key) ?? 0));
}

function bodyShows({ kind, what }: Label, was: Sight, is: Sight): boolean {
  const named = what
    .split(',')
    .map((one) => JSON.stringify(one))
    .join(',');
  const shown: Readonly<Record<string, () => boolean>> = {
    'field-removed': () => vanished(was.present, was.parents, is.present),
    'field-added': () => appeared(was.present, is.present, is.parents),
    'became-optional': () => appeared(was.absent, is.absent, is.parents),
    'became-required': () => vanished(was.absent, was.parents, is.absent),
    'nullable-added': () => appeared(was.nulls, is.nulls, is.parents),
    'nullable-removed': () => vanished(was.nulls, was.parents, is.nulls),
    'type-changed': () =>
      appeared(most(was.types, what), most(is.types, what), is.parents) ||
      vanished(most(was.types, what), was.parents, most(is.types, what)),
    'enum-value-added': () => appeared(most(was.values, named), most(is.values, named), is.parents),
    'enum-value-removed': () =>
      vanished(most(was.values, named), was.parents, most(is.values, named)),
  };
  return shown[kind]?.() ?? Math.min(was.present, is.present) >= FEWEST;
}

function distinctBodies(calls: readonly DrawnCall[]): readonly unknown[] {
  const texts = new Set(
    calls.filter(({ status, body }) => status < 300 && body !== '').map(({ body }) => body),
  );
  return [...texts].map((text): unknown => JSON.parse(text));
}

/** Which of an operation's labels its calls show clearly. */
export function clearlyShown(
  labels: readonly Label[],
  before: readonly DrawnCall[],
  after: readonly DrawnCall[],
): ReadonlySet<Label> {
  const [were, are] = [distinctBodies(before), distinctBodies(after)];
  return new Set(
    labels.filter((label) => {
      const isWhole = label.location === '' || !label.location.startsWith('/');
      if (isWhole && label.kind !== 'nullable-added' && label.kind !== 'type-changed') {
        const answers = [before, after].map((calls) => new Set(calls.map(({ url }) => url)).size);
        if (label.kind.startsWith('endpoint')) return Math.max(...answers) >= FEWEST;
        return Math.min(...answers) >= FEWEST;
      }
      const [was, is] = [sight(were, label.location), sight(are, label.location)];
      return Math.min(was.parents, is.parents) >= FEWEST && bodyShows(label, was, is);
    }),
  );
}
