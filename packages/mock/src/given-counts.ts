import type { DescribedPattern } from './described.ts';
import type { SharedCounts } from './shared-counts.ts';

/** How many clients got an answer of each pattern of a description, of this thread or of several. */
export class GivenCounts {
  readonly #own = new Map<DescribedPattern, number>();
  readonly #keys = new Map<DescribedPattern, string>();
  #shared: SharedCounts | null = null;
  /** Ends when it is set back. */
  #era = 0;

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
    return this.#shared.read(key, this.#era).n;
  }

  /** Has none of the patterns be given. */
  reset(patterns: readonly DescribedPattern[]): void {
    this.#era += 1;
    this.#own.clear();
    for (const pattern of patterns) pattern.used = false;
  }

  /** Counts an answer that a client gets whole. */
  add(pattern: DescribedPattern): void {
    pattern.used = true;
    const key = this.#keys.get(pattern);
    const shared = this.#shared;
    if (shared === null || key === undefined) {
      this.#own.set(pattern, this.of(pattern) + 1);
      return;
    }
    shared.exclusively(key, () => {
      shared.write(key, { n: this.of(pattern) + 1, fired: 0, atMs: 0 }, this.#era);
    });
  }
}
