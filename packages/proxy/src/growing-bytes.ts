/** It grows by so much at a time, bytes. */
const STEP_BYTES = 1024 * 1024;
/** Addresses that one may reserve, bytes; they cost no memory before they are used. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Content in one piece that grows where it lies. Its memory comes from the system and goes back
 * there as soon as it is let go, where many pieces would leave holes among what is still in use.
 */
export class GrowingBytes {
  readonly #memory: ArrayBuffer;
  #length = 0;

  /** @param most - What it may become, bytes; it may be full before. */
  constructor(most: number) {
    this.#memory = new ArrayBuffer(0, { maxByteLength: Math.min(most, MOST_BYTES) });
  }

  /** All that has been added; nothing else lies in that memory. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#memory, 0, this.#length);
  }

  /** Copies as much as there is room for, and returns how much that was. */
  add(piece: Uint8Array): number {
    const { byteLength, maxByteLength } = this.#memory;
    const length = Math.min(piece.length, maxByteLength - this.#length);
    const end = this.#length + length;
    if (end > byteLength) this.#memory.resize(Math.min(end + STEP_BYTES, maxByteLength));
    new Uint8Array(this.#memory, this.#length, length).set(piece.subarray(0, length));
    this.#length = end;
    return length;
  }
}
