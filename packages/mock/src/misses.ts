import type { Miss } from './explain.ts';

/** A miss, and how often it came. */
export interface CountedMiss extends Miss {
  readonly count: number;
  /** When it came last, milliseconds since the Unix epoch. */
  readonly lastAt: number;
}

/** Different misses that are kept; a client that asks for ever new things fills no memory. */
const MOST = 100;

/** The different misses of a mock, in the order of their first coming. */
export class Misses {
  readonly #byMessage = new Map<string, CountedMiss>();

  add(miss: Miss): void {
    this.#count({ ...miss, count: 1, lastAt: Date.now() });
  }

  /** Takes over what was missed elsewhere. */
  addAll(misses: readonly CountedMiss[]): void {
    for (const miss of misses) this.#count(miss);
  }

  #count(miss: CountedMiss): void {
    const known = this.#byMessage.get(miss.message);
    if (known === undefined && this.#byMessage.size >= MOST) return;
    const count = (known?.count ?? 0) + miss.count;
    const lastAt = Math.max(known?.lastAt ?? 0, miss.lastAt);
    this.#byMessage.set(miss.message, { ...(known ?? miss), count, lastAt });
  }

  clear(): void {
    this.#byMessage.clear();
  }

  all(): readonly CountedMiss[] {
    return [...this.#byMessage.values()];
  }
}
