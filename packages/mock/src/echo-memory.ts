import { byteText, withEdits } from './body-edit.ts';
import type { Call } from './call.ts';
import { ExactNumber, parseExactJson, pointerOf } from './exact-json.ts';
import type { RequestChange } from './request-changes.ts';
import type { Recording } from './recording.ts';
import { splitTarget } from './target.ts';
import { wordEdits } from './words.ts';
import type { Replacement } from './words.ts';

/** The most changes to remember; the oldest go first. */
const MOST_REMEMBERED = 10_000;
const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const ID_NAMES = ['id', '_id', 'uuid', 'key', 'slug', 'code', 'ID'];

/** A change that belongs to one thing, known by the id that it was recorded under. */
export interface Remembered {
  readonly thing: string;
  readonly change: RequestChange;
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return value instanceof ExactNumber ? value.text : undefined;
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return [];
  return Object.entries(value);
}

function idOf(value: unknown): string | undefined {
  const members = Array.isArray(value) ? [] : membersOf(value);
  for (const wanted of ID_NAMES) {
    const id = idText(members.find(([name]) => name === wanted)?.[1]);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The id of what an answer is about: its own, or that of the one thing in it. */
function thingIn(value: unknown): string | undefined {
  const own = idOf(value);
  if (own !== undefined || Array.isArray(value)) return own;
  const inner = membersOf(value).map(([, member]) => idOf(member));
  const ids = inner.filter((id) => id !== undefined);
  return ids.length === 1 ? ids[0] : undefined;
}

function thingOf({ method, target }: Recording, answer: string): string {
  const last = splitTarget(target).path.split('/').at(-1) ?? '';
  if (method !== 'POST') return last;
  return thingIn(parseExactJson(answer)) ?? last;
}

/** The JSON Pointers of the objects in a value that have one of these ids, by id. */
function placesOfThings(value: unknown, things: ReadonlySet<string>): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const visit = (item: unknown, pointer: string): void => {
    const id = idOf(item);
    if (id !== undefined && things.has(id)) places.set(id, [...(places.get(id) ?? []), pointer]);
    for (const [name, member] of membersOf(item)) {
      visit(member, pointer + pointerOf([name]));
    }
  };
  visit(value, '');
  return places;
}

/** Changes that hold for the values below some places, or for all when they are unique. */
export interface ScopedChanges {
  readonly everywhere: readonly RequestChange[];
  /** By JSON Pointer. */
  readonly below: ReadonlyMap<string, readonly RequestChange[]>;
}

/**
 * What clients have sent other than was recorded when they made or changed something, so that what
 * reads it later says the same.
 */
export class EchoMemory {
  readonly #remembered = new Map<string, Remembered>();
  #tell: ((all: readonly Remembered[]) => void) | null = null;

  /** @param tell - Told of all that is remembered from here on, for other threads to take. */
  share(tell: (all: readonly Remembered[]) => void): void {
    this.#tell = tell;
  }

  get isEmpty(): boolean {
    return this.#remembered.size === 0;
  }

  /** @param answer - The recorded content, as text. */
  remember(recording: Recording, changes: readonly RequestChange[], answer: string): void {
    if (changes.length === 0 || !WRITES.has(recording.method)) return;
    const thing = thingOf(recording, answer);
    const all = changes.map((change) => ({ thing, change }));
    this.#tell?.(all);
    this.take(all);
  }

  /** Remembers what somebody has told. */
  take(all: readonly Remembered[]): void {
    for (const { thing, change } of all) {
      const key = JSON.stringify([thing, change.pointer, [...change.names], change.recorded]);
      this.#remembered.delete(key);
      this.#remembered.set(key, { thing, change });
    }
    for (const key of this.#remembered.keys()) {
      if (this.#remembered.size <= MOST_REMEMBERED) break;
      this.#remembered.delete(key);
    }
  }

  /** What is known about the things that an answer speaks of. */
  about(answer: string): ScopedChanges {
    const all = [...this.#remembered.values()];
    const everywhere = all.map(({ change }) => change).filter(({ isUnique }) => isUnique);
    const value = parseExactJson(answer);
    const places = placesOfThings(value, new Set(all.map(({ thing }) => thing)));
    const below = new Map<string, RequestChange[]>();
    for (const { thing, change } of all) {
      for (const pointer of places.get(thing) ?? []) {
        below.set(pointer, [...(below.get(pointer) ?? []), change]);
      }
    }
    return { everywhere, below };
  }

  /** The call with what was recorded in the place of what has come; undefined when that is the same. */
  inRecordedWords(call: Call): Call | undefined {
    const back = [...this.#remembered.values()]
      .map(({ change }) => change)
      .filter(({ isUnique }) => isUnique);
    const plain = back.map(({ received, recorded }): Replacement => [received, recorded]);
    const coded = plain.map((pair): Replacement => {
      const [from, to] = pair;
      return from.startsWith('/') ? pair : [encodeURIComponent(from), encodeURIComponent(to)];
    });
    const bytes = plain.map(([from, to]): Replacement => [byteText(from), byteText(to)]);
    const target = withEdits(call.target, wordEdits(call.target, coded));
    const text = Buffer.from(call.body).toString('latin1');
    const edits = wordEdits(text, bytes);
    if (target === call.target && edits.length === 0) return undefined;
    return { ...call, target, body: Buffer.from(withEdits(text, edits), 'latin1') };
  }
}
