import type { DescribedPattern } from './described.ts';
import type { SharedCounts } from './shared-counts.ts';

/** How many clients got an answer of each pattern of a description, of this thread or of several. */
export class GivenCounts {
  readonly #own = new Map<DescribedPattern, number>();
  readonly #keys = new Map<DescribedPattern, string>();
  #shared: SharedCounts | null = null;

  /**
   * @param of - Which of the descriptions it is, the same in every thread.
   * @param patterns - In an order that is that of every thread.
   */
  share(counts: SharedCounts, of: number, patterns: readonly DescribedPattern[]): void {
    this.#shared = counts;
    for (const [at, pattern] of patterns.entries()) {
      this.#keys.set(pattern, JSON.stringify(['given', of, at]));
    }
  }

  of(pattern: DescribedPattern): number {
    const key = this.#keys.get(pattern);
    if (this.#shared === null || key === undefined) return this.#own.get(pattern) ?? 0;
    return this.#shared.read(key).n;
  }

  /** Counts an answer that a client gets whole. */
  add(pattern: DescribedPattern): void {
    pattern.used = true;
    const key = this.#keys.get(pattern);
    if (this.#shared !== null && key !== undefined) this.#shared.next(key);
    else this.#own.set(pattern, this.of(pattern) + 1);
  }
}
