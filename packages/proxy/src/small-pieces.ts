/** Pieces shorter than this are put together, bytes. */
const SMALL = 4096;
const BLOCK_BYTES = 16 * 1024;

/** Collects pieces without holding on to a large buffer for each small one. */
export class SmallPieces {
  readonly #pieces: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;
  /** Bytes collected. */
  length = 0;

  add(piece: Buffer): void {
    this.length += piece.length;
    // Most payloads come in one piece.
    if (piece.length >= SMALL || this.#pieces.length === 0) {
      this.#endBlock();
      this.#pieces.push(piece);
    } else this.#join(piece);
  }

  /** All pieces, in order; nothing is added after that. */
  all(): readonly Buffer[] {
    this.#endBlock();
    return this.#pieces;
  }

  #join(piece: Buffer): void {
    if (this.#block !== null && this.#block.length - this.#used < piece.length) this.#endBlock();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#used += piece.copy(this.#block, this.#used);
  }

  #endBlock(): void {
    if (this.#block !== null) this.#pieces.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }
}
