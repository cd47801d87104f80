import { hash } from 'node:crypto';

/** Content that is remembered, bytes in all. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Known {
  readonly bytes: Uint8Array;
  readonly sha256: Buffer;
}

/**
 * The SHA-256 of content. The latest content of each length is remembered, since an API that is asked
 * the same again mostly says the same again, and to compare costs a fortieth of hashing.
 */
export class ContentHashes {
  /** By length, the latest used at the end. */
  readonly #known = new Map<number, Known>();
  #size = 0;

  of(bytes: Uint8Array): Buffer {
    const known = this.#known.get(bytes.length);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known.sha256;
    const sha256 = hash('sha256', bytes, 'buffer');
    if (bytes.length <= MOST_BYTES / 4) this.#remember(bytes, sha256);
    return sha256;
  }

  /** Copies: the memory of the bytes belongs to somebody else. */
  #remember(bytes: Uint8Array, sha256: Buffer): void {
    if (this.#known.delete(bytes.length)) this.#size -= bytes.length;
    this.#known.set(bytes.length, { bytes: new Uint8Array(bytes), sha256 });
    this.#size += bytes.length;
    for (const length of this.#known.keys()) {
      if (this.#size <= MOST_BYTES) return;
      this.#known.delete(length);
      this.#size -= length;
    }
  }
}
