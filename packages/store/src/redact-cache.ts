/** Longer keys are rare and would make the cache large. */
const MOST_KEY_LENGTH = 4096;

/** Results of a pure function, for the keys seen last; the oldest goes when it is full. */
export class BoundedCache<Result> {
  readonly #results = new Map<string, Result>();
  readonly #most: number;
  readonly #compute: (key: string) => Result;

  constructor(most: number, compute: (key: string) => Result) {
    this.#most = most;
    this.#compute = compute;
  }

  get(key: string): Result {
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = this.#compute(key);
    if (key.length <= MOST_KEY_LENGTH) this.#keep(key, result);
    return result;
  }

  #keep(key: string, result: Result): void {
    if (this.#results.size >= this.#most) {
      const [oldest] = this.#results.keys();
      if (oldest !== undefined) this.#results.delete(oldest);
    }
    this.#results.set(key, result);
  }
}
