import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { DraftBody } from '@calltape/store';
import type { HeldBytes } from './held-bytes.ts';

/** Content as it passes: its first bytes, its true length and, once cut, the hash of all of it. */
export class KeptBody implements DraftBody {
  readonly pieces: Uint8Array[] = [];
  size = 0;
  hash: Uint8Array | null = null;
  spilled = 0;
  readonly #limit: number;
  readonly #held: HeldBytes | null;
  #heldBytes = 0;
  #hasher: Hash | null = null;

  /**
   * @param limit - Bytes to keep.
   * @param held - What all bodies share; null for one that may take what it needs.
   */
  constructor(limit: number, held: HeldBytes | null = null) {
    this.#limit = limit;
    this.#held = held;
  }

  add(piece: Uint8Array): void {
    const room = this.#limit - this.size;
    this.size += piece.length;
    if (piece.length > room) this.#hashAll();
    this.#hasher?.update(piece);
    if (room > 0) this.#hold(piece.length > room ? piece.subarray(0, room) : piece);
  }

  /** Nothing follows. */
  close(): void {
    this.#held?.add(-this.#heldBytes);
    this.#heldBytes = 0;
    if (this.#hasher !== null && this.hash === null) this.hash = this.#hasher.digest();
  }

  #hold(piece: Uint8Array): void {
    this.pieces.push(piece);
    const held = this.#held;
    if (held === null) return;
    this.#heldBytes += piece.length;
    held.add(piece.length);
    if (!held.isTooMuch(this.#heldBytes)) return;
    // What leaves the memory could not be hashed later, should the limit cut what follows.
    this.#hashAll();
    held.add(-this.#heldBytes);
    this.#heldBytes = 0;
    held.spill(this);
  }

  /** Only content that does not stay whole is hashed here; other is hashed where it is written. */
  #hashAll(): void {
    if (this.#hasher !== null) return;
    this.#hasher = createHash('sha256');
    for (const kept of this.pieces) this.#hasher.update(kept);
  }
}
