import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { DraftBody } from '@calltape/store';

/** Content as it passes: its first bytes, its true length and, once cut, the hash of all of it. */
export class KeptBody implements DraftBody {
  readonly pieces: Uint8Array[] = [];
  size = 0;
  hash: Uint8Array | null = null;
  readonly #limit: number;
  #hasher: Hash | null = null;

  /** @param limit - Bytes to keep. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Uint8Array): void {
    const before = this.size;
    this.size += piece.length;
    if (this.size <= this.#limit) this.pieces.push(piece);
    else this.#addBeyond(piece, before);
  }

  /** Only content that does not fit is hashed here; whole content is hashed where it is written. */
  #addBeyond(piece: Uint8Array, before: number): void {
    if (this.#hasher === null) {
      this.#hasher = createHash('sha256');
      for (const kept of this.pieces) this.#hasher.update(kept);
      if (before < this.#limit) this.pieces.push(piece.subarray(0, this.#limit - before));
    }
    this.#hasher.update(piece);
  }

  /** Nothing follows. */
  close(): void {
    if (this.#hasher !== null && this.hash === null) this.hash = this.#hasher.digest();
  }
}
