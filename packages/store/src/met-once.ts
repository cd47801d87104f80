/** How many lines are remembered; a power of two. */
const SLOTS = 16_384;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function mixed(hash: number, text: string): number {
  let mix = hash;
  for (let at = 0; at < text.length; at += 1) {
    mix = Math.imul(mix ^ text.charCodeAt(at), FNV_PRIME);
  }
  return Math.imul(mix ^ text.length, FNV_PRIME);
}

/**
 * Remembers which header lines calls had lately, by 32 bits of a hash: most lines never come again, and
 * to keep them would be work for the garbage collector. A mistake costs a few bytes on the tape.
 */
export class MetOnce {
  readonly #hashes = new Int32Array(SLOTS);
  readonly #calls = new Uint32Array(SLOTS);

  /** Whether an earlier call had this line; from now on, this one had it. */
  byAnother(name: string, value: string, call: number): boolean {
    const hash = mixed(mixed(FNV_OFFSET, name), value);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    if (this.#hashes[slot] === hash && this.#calls[slot] !== call >>> 0) return true;
    this.#hashes[slot] = hash;
    this.#calls[slot] = call;
    return false;
  }
}
