const ABSENT = 0xffffffff;

/** Packs fields one after another into a buffer that can be handed to another thread. */
export class SlabWriter {
  /** The memory behind the slab; after it has been transferred the writer must not be used. */
  readonly memory: ArrayBuffer;
  readonly #bytes: Buffer;
  #offset = 0;

  /** @param memory - A size in bytes, or memory that came back from the other thread. */
  constructor(memory: number | ArrayBuffer) {
    this.memory = typeof memory === 'number' ? new ArrayBuffer(memory) : memory;
    this.#bytes = Buffer.from(this.memory);
  }

  get length(): number {
    return this.#offset;
  }

  get room(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Takes back what was packed beyond a length it had before. */
  rewind(length: number): void {
    this.#offset = length;
  }

  byte(value: number): void {
    this.#bytes[this.#offset] = value;
    this.#offset += 1;
  }

  count(value: number): void {
    this.#offset = this.#bytes.writeUInt32LE(value, this.#offset);
  }

  /** A number, or null as NaN. */
  number(value: number | null): void {
    this.#offset = this.#bytes.writeDoubleLE(value ?? Number.NaN, this.#offset);
  }

  text(value: string | null): void {
    if (value === null) {
      this.count(ABSENT);
      return;
    }
    const length = this.#bytes.write(value, this.#offset + 4);
    this.count(length);
    this.#offset += length;
  }

  bytes(value: Uint8Array): void {
    this.#bytes.set(value, this.#offset);
    this.#offset += value.length;
  }
}

/** Reads what a {@link SlabWriter} packed, in the same order. Bytes are views, not copies. */
export class SlabReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(memory: ArrayBuffer, length: number) {
    this.#bytes = Buffer.from(memory, 0, length);
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#offset);
    this.#offset += 1;
    return value;
  }

  count(): number {
    const value = this.#bytes.readUInt32LE(this.#offset);
    this.#offset += 4;
    return value;
  }

  number(): number | null {
    const value = this.#bytes.readDoubleLE(this.#offset);
    this.#offset += 8;
    return Number.isNaN(value) ? null : value;
  }

  text(): string | null {
    const length = this.count();
    if (length === ABSENT) return null;
    const value = this.#bytes.toString('utf8', this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }

  bytes(length: number): Buffer {
    const value = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }
}
