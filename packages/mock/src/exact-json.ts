/**
 * A JSON number as it was written. Two are the same when their texts are: a 20-digit id keeps all
 * its digits, and 1.10 is not 1.1.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function sourceOf(context: unknown): string | undefined {
  if (typeof context !== 'object' || context === null || !('source' in context)) return undefined;
  return typeof context.source === 'string' ? context.source : undefined;
}

/** Reads JSON with its numbers kept as text; undefined when the text is not JSON. */
export function parseExactJson(text: string): unknown {
  try {
    return JSON.parse(text, (_name: string, value: unknown, ...rest: unknown[]) =>
      typeof value === 'number' ? new ExactNumber(sourceOf(rest[0]) ?? String(value)) : value,
    );
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) || value instanceof ExactNumber) return undefined;
  return Object.entries(value);
}

/** One text for all spellings of the same value: no white space, the members of objects sorted. */
export function canonicalJson(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = membersOf(value);
  if (members === undefined) return JSON.stringify(value);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** The JSON Pointer (RFC 6901) of a place, given by member names and array indexes from the top. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** A place where two values are not the same; a side that has nothing there is undefined. */
export interface JsonDifference {
  /** JSON Pointer (RFC 6901); empty for the whole value. */
  readonly pointer: string;
  readonly recorded: unknown;
  readonly received: unknown;
}

function* union(
  recorded: ReadonlyMap<string, unknown>,
  received: ReadonlyMap<string, unknown>,
  pointer: string,
): Generator<JsonDifference> {
  for (const name of new Set([...recorded.keys(), ...received.keys()])) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    yield* jsonDifferences(recorded.get(name), received.get(name), at);
  }
}

function childrenOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item, index) => [String(index), item]));
  const members = membersOf(value);
  return members === undefined ? undefined : new Map(members);
}

/** Where two JSON values differ, outermost place first; lazily, so that a reader may stop early. */
export function* jsonDifferences(
  recorded: unknown,
  received: unknown,
  pointer = '',
): Generator<JsonDifference> {
  const was = childrenOf(recorded);
  const is = childrenOf(received);
  if (
    was !== undefined &&
    is !== undefined &&
    Array.isArray(recorded) === Array.isArray(received)
  ) {
    yield* union(was, is, pointer);
  } else if (recorded === undefined || received === undefined) {
    yield { pointer, recorded, received };
  } else if (canonicalJson(recorded) !== canonicalJson(received)) {
    yield { pointer, recorded, received };
  }
}

/** JSON text of a value in which {@link ExactNumber}s stand, in the order of its members. */
export function exactJsonText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  const members = membersOf(value);
  if (members === undefined) return JSON.stringify(value) ?? 'null';
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${exactJsonText(member)}`).join(',')}}`;
}

/** Reads JSON; only numbers that JavaScript would write in another way are kept as text. */
export function readJson(text: string): unknown {
  return JSON.parse(text, (_name: string, value: unknown, ...rest: unknown[]) => {
    if (typeof value !== 'number') return value;
    const source = sourceOf(rest[0]) ?? String(value);
    return source === String(value) ? value : new ExactNumber(source);
  });
}

/** The value with the numbers of JavaScript in the place of {@link ExactNumber}s. */
export function plainNumbers(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainNumbers);
  const members = membersOf(value);
  if (members === undefined) return value;
  return Object.fromEntries(members.map(([name, member]) => [name, plainNumbers(member)]));
}
