const ABSENT = 0xffffffff;

/** Packs fields one after another into a buffer that can be handed to another thread. */
export class SlabWriter {
  /** The memory behind the slab; after it has been transferred the writer must not be used. */
  readonly memory: ArrayBuffer;
  readonly #bytes: Buffer;
  #offset = 0;
  #moved: ArrayBuffer[] = [];

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

  /** Memory that goes along with the slab, in its order. */
  get moved(): readonly ArrayBuffer[] {
    return this.#moved;
  }

  /** Takes back what was packed beyond a length it had before, and what was moved besides. */
  rewind(length: number, moved: number): void {
    this.#offset = length;
    this.#moved.length = moved;
  }

  /** Leaves room for a count that is known later. */
  reserve(): number {
    this.#offset += 4;
    return this.#offset - 4;
  }

  /** Notes at a place of {@link reserve} where what was packed since ends. */
  close(at: number): void {
    this.#bytes.writeUInt32LE(this.#offset, at);
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

  /** Bytes that are not copied: the memory behind them is to go along. */
  move({ buffer, byteOffset, length }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError('this memory cannot be moved');
    this.count(byteOffset);
    this.count(length);
    this.#moved.push(buffer);
  }
}

/** Reads what a {@link SlabWriter} packed, in the same order. Bytes are views, not copies. */
export class SlabReader {
  readonly #bytes: Buffer;
  readonly #moved: readonly ArrayBuffer[];
  #offset = 0;
  #nextMoved = 0;

  /** @param moved - The memory that came along. */
  constructor(memory: ArrayBuffer, length: number, moved: readonly ArrayBuffer[] = []) {
    this.#bytes = Buffer.from(memory, 0, length);
    this.#moved = moved;
  }

  /** Where it reads on. */
  get offset(): number {
    return this.#offset;
  }

  set offset(offset: number) {
    this.#offset = offset;
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

  /** The next bytes that were not copied. */
  movedBytes(): Buffer {
    const memory = this.#moved[this.#nextMoved] ?? new ArrayBuffer(0);
    this.#nextMoved += 1;
    return Buffer.from(memory, this.count(), this.count());
  }
}
