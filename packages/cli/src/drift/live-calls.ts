import type { Exchange, Tape, TapeCursor } from '@calltape/store';

/** Reads calls with their contents as they end, each once. */
export class LiveCalls {
  readonly #tape: Tape;
  #cursor: TapeCursor;

  /** @param lastId - The call on the tape behind which it begins. */
  constructor(tape: Tape, lastId: number) {
    this.#tape = tape;
    this.#cursor = { id: lastId, amendment: tape.head().amendment };
  }

  /** What came since the last time, at most 5 000 calls; null when that was nothing. */
  next(): IterableIterator<Exchange> | null {
    const from = this.#cursor.id;
    const { rows, cursor } = this.#tape.changes(this.#cursor);
    this.#cursor = cursor;
    const ended = rows.filter(({ outcome }) => outcome !== 'pending').map(({ id }) => id);
    return rows.length === 0 ? null : this.#read(from, cursor.id, ended);
  }

  *#read(from: number, upTo: number, ended: readonly number[]): IterableIterator<Exchange> {
    for (const id of ended.filter((one) => one <= from)) {
      const exchange = this.#tape.exchange(id);
      if (exchange !== undefined) yield exchange;
    }
    const added = new Set(ended.filter((one) => one > from));
    if (added.size === 0) return;
    for (const exchange of this.#tape.exchanges({ afterId: from, beforeId: upTo + 1 })) {
      if (added.has(exchange.id)) yield exchange;
    }
  }
}
