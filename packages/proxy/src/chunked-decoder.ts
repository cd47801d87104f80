import { MalformedAnswer } from './malformed-answer.ts';

/** Bytes of chunk extensions that one answer may have; they carry nothing that is passed on. */
const MAX_EXTENSION_BYTES = 16 * 1024;
/** More digits than any size that a number can hold exactly. */
const MAX_SIZE_DIGITS = 16;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const DELETE = 0x7f;

type State = 'size' | 'blank' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'over';

/** The value of a hexadecimal digit, -1 for any other byte. */
function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function expectByte(byte: number, expected: number, where: string): void {
  if (byte !== expected) throw new MalformedAnswer(`${where} does not end in CRLF`);
}

/** Takes chunked content apart, up to where its trailers begin (RFC 9112 section 7.1). */
export class ChunkedDecoder {
  readonly #onContent: (piece: Buffer) => void;
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #extensionBytes = 0;

  constructor(onContent: (piece: Buffer) => void) {
    this.#onContent = onContent;
  }

  begin(): void {
    this.#state = 'size';
    this.#size = 0;
    this.#digits = 0;
    this.#extensionBytes = 0;
  }

  /** The line of the last chunk has been read. */
  get over(): boolean {
    return this.#state === 'over';
  }

  /**
   * @returns Where in `bytes` reading has stopped.
   * @throws MalformedAnswer
   */
  read(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && this.#state !== 'over') {
      if (this.#state === 'data') at = this.#readData(bytes, at);
      else {
        this.#readByte(bytes[at] ?? 0);
        at += 1;
      }
    }
    return at;
  }

  #readData(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#size);
    this.#size -= to - from;
    if (this.#size === 0) this.#state = 'data-cr';
    this.#onContent(bytes.subarray(from, to));
    return to;
  }

  #readByte(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#readSize(byte);
        break;
      case 'blank':
      case 'extension':
        this.#readExtension(byte);
        break;
      case 'size-lf':
        expectByte(byte, LF, 'the line with the size of a chunk');
        this.#state = this.#size === 0 ? 'over' : 'data';
        this.#digits = 0;
        break;
      case 'data-cr':
        expectByte(byte, CR, 'a chunk');
        this.#state = 'data-lf';
        break;
      case 'data-lf':
        expectByte(byte, LF, 'a chunk');
        this.#state = 'size';
        break;
      case 'data':
      case 'over':
        break;
    }
  }

  #readSize(byte: number): void {
    const digit = digitOf(byte);
    if (digit !== -1 && this.#digits < MAX_SIZE_DIGITS) {
      this.#size = this.#size * 16 + digit;
      this.#digits += 1;
    } else if (digit !== -1 || this.#digits === 0 || !Number.isSafeInteger(this.#size)) {
      throw new MalformedAnswer('the size of a chunk is not a number of bytes in hexadecimal');
    } else if (byte === CR) this.#state = 'size-lf';
    else this.#readBlank(byte);
  }

  /** Only blanks may stand between the size and the semicolon. */
  #readBlank(byte: number): void {
    if (byte === SEMICOLON) this.#state = 'extension';
    else if (byte === SPACE || byte === TAB) this.#state = 'blank';
    else throw new MalformedAnswer('the size of a chunk is followed by something else');
  }

  #readExtension(byte: number): void {
    this.#extensionBytes += 1;
    if (this.#extensionBytes > MAX_EXTENSION_BYTES) {
      throw new MalformedAnswer('its chunk extensions exceed 16 KiB');
    }
    if (this.#state === 'blank') this.#readBlank(byte);
    else if (byte === CR) this.#state = 'size-lf';
    else if ((byte < SPACE && byte !== TAB) || byte === DELETE) {
      throw new MalformedAnswer('it has a control character in a chunk extension');
    }
  }
}
