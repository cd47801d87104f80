/** What stands in front of a frame's payload (RFC 6455 section 5.2). */
export interface FrameHead {
  readonly fin: boolean;
  /** The three reserved bits, RSV1 the highest of them. */
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** Length of the payload, bytes. */
  readonly length: number;
}

export interface FrameSink {
  /** @returns How many bytes of the payload are wanted, from its start. */
  onFrame(head: FrameHead): number;
  /** A wanted piece of the payload, unmasked; may be a view of what was read. */
  onPayload(piece: Buffer): void;
  onFrameEnd(): void;
  /** The length of a frame is beyond what can be counted: where the next one begins is not known. */
  onLost(): void;
}

const LONGEST_HEAD = 14;
const SHORTEST_HEAD = 2;
const MASK_BYTES = 4;

/** How many bytes the head has by what its second byte says. */
function headLength(second: number): number {
  const code = second & 0x7f;
  const lengthBytes = code === 127 ? 8 : code === 126 ? 2 : 0;
  return SHORTEST_HEAD + lengthBytes + (second & 0x80 ? MASK_BYTES : 0);
}

function payloadLength(head: Buffer): number {
  const code = head.readUInt8(1) & 0x7f;
  if (code < 126) return code;
  if (code === 126) return head.readUInt16BE(2);
  return head.readUInt32BE(2) * 2 ** 32 + head.readUInt32BE(6);
}

/**
 * Finds the frames in one direction of a WebSocket, however it comes in pieces. It believes what it
 * reads: to judge a frame is for others.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #head: Buffer = Buffer.alloc(LONGEST_HEAD);
  #headBytes = 0;
  #inPayload = false;
  /** Bytes of the payload that have not come yet. */
  #left = 0;
  /** Those of them that are wanted. */
  #wanted = 0;
  #mask: Buffer | null = null;
  #maskAt = 0;
  #lost = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#lost) {
      at = this.#inPayload ? this.#readPayload(bytes, at) : this.#readHead(bytes, at);
    }
  }

  #readHead(bytes: Buffer, from: number): number {
    const length = this.#headBytes < SHORTEST_HEAD ? SHORTEST_HEAD : this.#length();
    const copied = bytes.copy(this.#head, this.#headBytes, from, from + length - this.#headBytes);
    this.#headBytes += copied;
    if (this.#headBytes >= SHORTEST_HEAD && this.#headBytes === this.#length()) this.#begin();
    return from + copied;
  }

  #length(): number {
    return headLength(this.#head.readUInt8(1));
  }

  #begin(): void {
    const head = this.#head;
    const length = payloadLength(head);
    if (!Number.isSafeInteger(length)) {
      this.#lost = true;
      this.#sink.onLost();
      return;
    }
    const [first, second] = [head.readUInt8(0), head.readUInt8(1)];
    const masked = (second & 0x80) !== 0;
    const size = this.#headBytes;
    this.#mask = masked ? Buffer.from(head.subarray(size - MASK_BYTES, size)) : null;
    this.#maskAt = 0;
    this.#headBytes = 0;
    this.#left = length;
    this.#wanted = this.#sink.onFrame({
      fin: (first & 0x80) !== 0,
      reserved: (first >> 4) & 7,
      opcode: first & 15,
      masked,
      length,
    });
    this.#inPayload = length > 0;
    if (length === 0) this.#sink.onFrameEnd();
  }

  #readPayload(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#left);
    const wantedTo = Math.min(to, from + this.#wanted);
    this.#left -= to - from;
    this.#wanted -= wantedTo - from;
    if (wantedTo > from) this.#sink.onPayload(this.#unmasked(bytes.subarray(from, wantedTo)));
    if (this.#left === 0) {
      this.#inPayload = false;
      this.#sink.onFrameEnd();
    }
    return to;
  }

  /** RFC 6455 section 5.3. The bytes themselves are still on their way to the other side. */
  #unmasked(piece: Buffer): Buffer {
    const mask = this.#mask;
    if (mask === null) return piece;
    const plain = Buffer.from(piece);
    for (let at = 0; at < plain.length; at += 1) {
      plain[at] = (plain[at] ?? 0) ^ (mask[(this.#maskAt + at) & 3] ?? 0);
    }
    this.#maskAt = (this.#maskAt + plain.length) & 3;
    return plain;
  }
}
