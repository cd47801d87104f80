/**
 * What is under way, each in a slot of its own. Not a Set: a Set in constant use makes itself anew every few
 * dozen calls, and its old tables, once they have become old to the garbage collector, keep what has come to
 * its end alive. That took a third of the time of a call whose answer is kept.
 */
export class UnderWay<Item> {
  readonly #slots: (Item | null)[] = [];
  readonly #free: number[] = [];

  get isEmpty(): boolean {
    return this.#slots.length === this.#free.length;
  }

  /** @returns the slot, for {@link delete}. */
  add(item: Item): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = item;
    return slot;
  }

  /** To be called once for each slot. */
  delete(slot: number): void {
    this.#slots[slot] = null;
    this.#free.push(slot);
  }

  all(): Item[] {
    return this.#slots.filter((item) => item !== null);
  }
}
