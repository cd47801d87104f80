/** Remembers hashes up to a number; from then on what is not among them counts as new. */
export class HashMemory {
  readonly #most: number;
  readonly #hashes = new Set<number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** True for a hash that comes for the first time. */
  isNew(hash: number): boolean {
    if (this.#hashes.has(hash)) return false;
    if (this.#hashes.size < this.#most) this.#hashes.add(hash);
    return true;
  }

  merge(other: HashMemory): void {
    for (const hash of other.#hashes) this.isNew(hash);
  }

  toJSON(): number[] {
    return [...this.#hashes];
  }

  add(hashes: readonly number[]): void {
    for (const hash of hashes) this.isNew(hash);
  }
}
