import type { JsonNode } from './json-tree.ts';
import { placesOf } from './json-place.ts';

/** What the answers of an endpoint have at one place, all items of a list together. */
export interface Habit {
  /** How often it was there. */
  readonly present: number;
  /** How often it could have been: values that hold it or might. */
  readonly possible: number;
  readonly wasNull: boolean;
  /** Its distinct texts, at most so many as make a choice of words. */
  readonly texts: ReadonlySet<string>;
  /** How often it was a text. */
  readonly textual: number;
}

/** What the recordings of an endpoint have in common. */
export interface Habits {
  readonly habitOf: (pattern: string) => Habit | undefined;
}

export const NOTHING_LEARNED: Habits = { habitOf: () => undefined };

/** More distinct texts than that are no choice of words. */
const MOST_TEXTS = 24;

class Tally implements Habit {
  present = 0;
  possible = 0;
  wasNull = false;
  textual = 0;
  readonly texts = new Set<string>();

  add({ kind, start, end }: JsonNode, text: string): void {
    this.present += 1;
    if (kind === 'null') this.wasNull = true;
    if (kind !== 'string') return;
    this.textual += 1;
    if (this.texts.size <= MOST_TEXTS) this.texts.add(String(JSON.parse(text.slice(start, end))));
  }
}

/** Gathers what contents have in common, one after the other. */
export class Lesson implements Habits {
  readonly #tallies = new Map<string, Tally>();
  /** Objects at a pattern, for how often their members could have been there. */
  readonly #objects = new Map<string, number>();

  add(root: JsonNode, text: string): void {
    this.#count('', root);
    for (const { pattern, child } of placesOf(root)) {
      this.#tallyOf(pattern).add(child.value, text);
      this.#count(pattern, child.value);
    }
  }

  /** To be called when all contents have been added. */
  conclude(): void {
    for (const [pattern, tally] of this.#tallies) {
      const parent = pattern.slice(0, pattern.lastIndexOf('/'));
      tally.possible = Math.max(tally.present, this.#objects.get(parent) ?? 0);
    }
  }

  habitOf(pattern: string): Habit | undefined {
    return this.#tallies.get(pattern);
  }

  #count(pattern: string, { kind }: JsonNode): void {
    if (kind === 'object') this.#objects.set(pattern, (this.#objects.get(pattern) ?? 0) + 1);
  }

  #tallyOf(pattern: string): Tally {
    const known = this.#tallies.get(pattern);
    if (known !== undefined) return known;
    const tally = new Tally();
    this.#tallies.set(pattern, tally);
    return tally;
  }
}
