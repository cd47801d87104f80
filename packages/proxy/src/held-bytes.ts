import type { DraftBody, TapeWriter } from '@calltape/store';

/** What the bodies of all calls under way may take of the memory, bytes. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;
/** Beyond that a body stays in memory as long as it is smaller than this, bytes. */
const LEAST_SPILLED_BYTES = 32 * 1024;

/**
 * How much memory the bodies of the calls under way take, together. They are kept until their calls
 * end, however long that is; beyond a bound the writer puts them aside.
 */
export class HeldBytes {
  readonly #writer: Pick<TapeWriter, 'spill'>;
  #total = 0;

  constructor(writer: Pick<TapeWriter, 'spill'>) {
    this.#writer = writer;
  }

  /** A body has grown, or, by a negative number, was let go. */
  add(bytes: number): void {
    this.#total += bytes;
  }

  /** Whether a body that holds so much in memory is to be put aside. */
  isTooMuch(bytes: number): boolean {
    return this.#total > MAX_HELD_BYTES && bytes >= LEAST_SPILLED_BYTES;
  }

  spill(body: DraftBody): void {
    this.#writer.spill(body);
  }
}
