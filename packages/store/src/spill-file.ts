import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 32 * 1024;
const OWNER_ONLY = 0o600;
const IV_BYTES = 16;

interface Block {
  readonly place: number;
  /** Bytes of it that are in use. */
  readonly length: number;
}

/** The blocks of a body in their order; null when the disk did not take one of them. */
type Spilled = Block[] | null;

/**
 * Where the bodies of calls under way wait when there are too many for memory: blocks of a file
 * beside the tape. They have not been redacted yet, so each block is encrypted with a key that only
 * this process has ever had; what a killed recorder leaves behind can be read by nobody.
 */
export class SpillFile {
  readonly #path: string;
  readonly #key: Buffer = randomBytes(32);
  readonly #nonce: Buffer = randomBytes(IV_BYTES / 2);
  readonly #bodies = new Map<number, Spilled>();
  /** How often a block was written, so that no block is ever encrypted twice in the same way. */
  readonly #versions: number[] = [];
  readonly #free: number[] = [];
  #descriptor: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Appends to what there is of a body. */
  add(number: number, bytes: Uint8Array): void {
    const blocks = this.#bodies.get(number);
    if (blocks === null) return;
    const all = blocks ?? [];
    this.#bodies.set(number, all);
    try {
      for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
        all.push(this.#write(bytes.subarray(at, at + BLOCK_BYTES)));
      }
    } catch {
      this.remove(number);
      this.#bodies.set(number, null);
    }
  }

  /** All of a body; null when the disk did not take it or does not give it back. */
  read(number: number): Buffer | null {
    const blocks = this.#bodies.get(number) ?? null;
    try {
      return blocks === null ? null : Buffer.concat(blocks.map((block) => this.#read(block)));
    } catch {
      return null;
    }
  }

  remove(number: number): void {
    for (const { place } of this.#bodies.get(number) ?? []) this.#free.push(place);
    this.#bodies.delete(number);
  }

  get isEmpty(): boolean {
    return this.#bodies.size === 0;
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    if (process.platform === 'win32') unlinkSync(this.#path);
  }

  #write(bytes: Uint8Array): Block {
    const place = this.#free.pop() ?? this.#versions.length;
    this.#versions[place] = (this.#versions[place] ?? 0) + 1;
    const sealed = this.#cipher(place, bytes);
    const written = writeSync(this.#open(), sealed, 0, sealed.length, place * BLOCK_BYTES);
    if (written < sealed.length) throw new Error('the disk is full');
    return { place, length: bytes.length };
  }

  #read({ place, length }: Block): Buffer {
    const sealed = Buffer.alloc(length);
    readSync(this.#open(), sealed, 0, length, place * BLOCK_BYTES);
    return this.#cipher(place, sealed);
  }

  /** Counter mode is its own inverse. The counter of a block lies in the last two bytes. */
  #cipher(place: number, bytes: Uint8Array): Buffer {
    const iv = Buffer.alloc(IV_BYTES);
    this.#nonce.copy(iv);
    const version = this.#versions[place] ?? 0;
    iv.writeUIntBE(place, 8, 3);
    iv.writeUIntBE(version % 2 ** 24, 11, 3);
    return createCipheriv('aes-256-ctr', this.#key, iv).update(bytes);
  }

  /** Made when it is needed first; elsewhere than on Windows it has no name from then on. */
  #open(): number {
    if (this.#descriptor !== null) return this.#descriptor;
    this.#descriptor = openSync(this.#path, 'wx+', OWNER_ONLY);
    if (process.platform !== 'win32') unlinkSync(this.#path);
    return this.#descriptor;
  }
}
