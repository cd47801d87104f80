/** Lines in one generation at most, and their characters. */
const MOST_LINES = 10_000;
const MOST_LENGTH = 4 * 1024 * 1024;

/** A header line that has a row of its own. */
export interface SharedLine {
  readonly name: string;
  readonly value: string;
  id: number;
  /** Places that the current transaction gave it, still to be counted on the tape. */
  uses: number;
  /** Whether the current transaction made its row. */
  isNew: boolean;
  /** The transaction that used it last. */
  transaction: number;
}

type Generation = Map<string, Map<string, SharedLine>>;

/**
 * The lines with rows that were used last. When the young generation is full it becomes the old one, and
 * the old one goes; a line that is used again is young again.
 */
export class SharedLines {
  #young: Generation = new Map();
  #old: Generation = new Map();
  #count = 0;
  #length = 0;

  get(name: string, value: string): SharedLine | undefined {
    const young = this.#young.get(name)?.get(value);
    if (young !== undefined) return young;
    const old = this.#old.get(name)?.get(value);
    if (old !== undefined) this.add(old);
    return old;
  }

  add(line: SharedLine): void {
    if (this.#count >= MOST_LINES || this.#length >= MOST_LENGTH) this.#age();
    this.#count += 1;
    this.#length += line.name.length + line.value.length;
    const sameName = this.#young.get(line.name);
    if (sameName === undefined) this.#young.set(line.name, new Map([[line.value, line]]));
    else sameName.set(line.value, line);
  }

  clear(): void {
    this.#age();
    this.#age();
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#count = 0;
    this.#length = 0;
  }
}
