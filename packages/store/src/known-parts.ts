/** So many parts are remembered at most; a power of two. */
const SLOTS = 32_768;

interface Slot<Part> {
  number: number;
  part: Part | null;
}

/**
 * The parts of calls whose numbers came more than once: what they become on the tape. A part that came
 * once is not remembered, as the lines of its head have no rows of their own yet.
 */
export class KnownParts<Part> {
  readonly #slots: (Slot<Part> | undefined)[] = [];

  get(number: number): Part | null {
    const slot = this.#slots[number % SLOTS];
    return slot?.number === number ? slot.part : null;
  }

  /** Notes what a part has become. */
  met(number: number, part: Part): void {
    const at = number % SLOTS;
    const slot = this.#slots[at];
    if (slot?.number === number) slot.part = part;
    else this.#slots[at] = { number, part: null };
  }

  clear(): void {
    this.#slots.length = 0;
  }
}
