import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { DraftBody } from '@calltape/store';
import { giveBack } from './give-back.ts';
import { GrowingBytes } from './growing-bytes.ts';
import type { HeldBytes } from './held-bytes.ts';

/** Content of more than this is copied together as it comes, so that its pieces can be given back, bytes. */
const LARGE_BYTES = 1024 * 1024;

/** Content as it passes: its first bytes, its true length and, once cut, the hash of all of it. */
export class KeptBody implements DraftBody {
  readonly pieces: Uint8Array[] = [];
  size = 0;
  hash: Uint8Array | null = null;
  spilled = 0;
  movable = false;
  readonly #limit: number;
  readonly #held: HeldBytes | null;
  #heldBytes = 0;
  /** What the pieces have been copied to; null while there is little of them. */
  #growing: GrowingBytes | null = null;
  #hasher: Hash | null = null;

  /**
   * @param limit - Bytes to keep.
   * @param held - What all bodies share; null for one that may take what it needs.
   */
  constructor(limit: number, held: HeldBytes | null = null) {
    this.#limit = limit;
    this.#held = held;
  }

  /** Returns whether the piece itself is not needed any more: what is kept of it has been copied. */
  add(piece: Uint8Array): boolean {
    const room = this.#limit - this.size;
    this.size += piece.length;
    if (piece.length > room) this.#hashAll();
    this.#hasher?.update(piece);
    if (room <= 0) return true;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    const isCopied = this.#keep(kept);
    this.#hold(kept.length);
    return isCopied;
  }

  /** Gives the memory of the kept pieces back; nobody may use them any more. */
  free(): void {
    // What is movable has gone to the writer.
    if (!this.movable) for (const piece of this.pieces) giveBack(piece);
    this.pieces.length = 0;
  }

  /** Nothing follows. */
  close(): void {
    this.#held?.add(-this.#heldBytes);
    this.#heldBytes = 0;
    if (this.#hasher !== null && this.hash === null) this.hash = this.#hasher.digest();
  }

  /** Returns whether the piece was copied. */
  #keep(piece: Uint8Array): boolean {
    if (this.#growing === null && this.#heldBytes + piece.length <= LARGE_BYTES) {
      this.pieces.push(piece);
      return false;
    }
    if (this.#growing === null) for (const one of this.pieces.splice(0)) this.#copy(one);
    this.#copy(piece);
    this.movable = true;
    return true;
  }

  #copy(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const growing = this.#growing ?? this.#grow();
      const copied = growing.add(piece.subarray(at));
      this.pieces[this.pieces.length - 1] = growing.bytes;
      at += copied;
      if (copied === 0) this.#growing = null;
    }
  }

  #grow(): GrowingBytes {
    const growing = new GrowingBytes(this.#limit);
    this.#growing = growing;
    this.pieces.push(growing.bytes);
    return growing;
  }

  #hold(length: number): void {
    this.#heldBytes += length;
    const held = this.#held;
    if (held === null) return;
    held.add(length);
    if (!held.isTooMuch(this.#heldBytes)) return;
    // What leaves the memory could not be hashed later, should the limit cut what follows.
    this.#hashAll();
    held.add(-this.#heldBytes);
    this.#heldBytes = 0;
    held.spill(this);
    this.#growing = null;
    this.movable = false;
  }

  /** Only content that does not stay whole is hashed here; other is hashed where it is written. */
  #hashAll(): void {
    if (this.#hasher !== null) return;
    this.#hasher = createHash('sha256');
    for (const kept of this.pieces) this.#hasher.update(kept);
  }
}
