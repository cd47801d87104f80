import type { SharedCounts } from './shared-counts.ts';

/** The most moments to remember. */
export const MOST_TOLD = 100_000;

const ALL = JSON.stringify(['told']);

/** By how much moments have been moved, by this thread or by several. */
export class ToldShifts {
  /** By what was recorded, both in milliseconds. */
  readonly #known = new Map<number, number>();
  #shared: SharedCounts | null = null;

  share(counts: SharedCounts): void {
    this.#shared = counts;
  }

  /** By how much a moment was moved first; by this much where that is now. */
  firstFor(ms: number, shift: number): number {
    const known = this.#known.get(ms);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_TOLD) return shift;
    const first = this.#shared === null ? shift : this.#firstOfAll(this.#shared, ms, shift);
    this.#known.set(ms, first);
    return first;
  }

  #firstOfAll(counts: SharedCounts, ms: number, shift: number): number {
    if (counts.read(ALL).n >= MOST_TOLD) return shift;
    const key = JSON.stringify(['told', ms]);
    return counts.exclusively(key, () => {
      const { n, atMs } = counts.read(key);
      if (n > 0) return atMs;
      counts.next(ALL);
      counts.write(key, { n: 1, fired: 0, atMs: shift });
      return shift;
    });
  }
}
