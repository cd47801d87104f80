/** Large enough that what stays free at the end of each does not count, bytes. */
const SLAB_BYTES = 1024 * 1024;
/** What is larger gets memory of its own. */
const MOST_IN_SLAB = SLAB_BYTES / 16;

/** Memory outside the heap for many small things that stay: one object for a thousand of them. */
export class PackedMemory {
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;

  /** Copies the parts to one place, one behind the other. */
  keep(parts: readonly Uint8Array[]): { readonly memory: Buffer; readonly at: number } {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const { memory, at } = this.#room(size);
    let next = at;
    for (const part of parts) {
      memory.set(part, next);
      next += part.length;
    }
    return { memory, at };
  }

  #room(size: number): { readonly memory: Buffer; readonly at: number } {
    if (size > MOST_IN_SLAB) return { memory: Buffer.allocUnsafeSlow(size), at: 0 };
    if (this.#used + size > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += size;
    return { memory: this.#slab, at };
  }
}
