/** Upper bounds in seconds: those of most clients of Prometheus, and some more for slow APIs. */
const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** Durations, counted in buckets. To note one is a few comparisons and two additions. */
export class DurationHistogram {
  static readonly bounds: readonly number[] = BOUNDS_S;
  readonly #counts = Array.from({ length: BOUNDS_S.length + 1 }, () => 0);
  #sum = 0;

  /** @param ms - Milliseconds. */
  note(ms: number): void {
    const seconds = ms / 1000;
    let at = 0;
    while (at < BOUNDS_S.length && seconds > (BOUNDS_S[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** What has been noted, to be added to another. */
  get noted(): { readonly counts: readonly number[]; readonly sum: number } {
    return { counts: this.#counts, sum: this.#sum };
  }

  add({ counts, sum }: DurationHistogram['noted']): void {
    for (const [at, count] of counts.entries()) this.#counts[at] = (this.#counts[at] ?? 0) + count;
    this.#sum += sum;
  }

  /** Seconds. */
  get sum(): number {
    return this.#sum;
  }

  /** How many were at most each bound; the last number is that of all. */
  cumulative(): number[] {
    let below = 0;
    return this.#counts.map((count) => {
      below += count;
      return below;
    });
  }
}
