/** Of a TLS client's first message (RFC 8446 section 4.1.2): what is needed to know what it wants. */
export interface ClientHello {
  /** The host it names (RFC 6066 section 3), as it came; null for none. */
  readonly serverName: string | null;
  /** What it offers to speak (ALPN, RFC 7301 section 3.1), the preferred first; empty for no word. */
  readonly protocols: readonly string[];
}

/** More than any client sends; what is longer is left to the TLS library to refuse. */
const MAX_HELLO_BYTES = 64 * 1024;
const RECORD_HEAD = 5;
const MESSAGE_HEAD = 4;
const HANDSHAKE_RECORD = 0x16;
const CLIENT_HELLO = 0x01;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const ALPN = 16;
const NAMELESS: ClientHello = { serverName: null, protocols: [] };

/** Reads numbers and byte strings with their lengths in front, never beyond the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  number(size: number): number {
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  /** @param lengthSize - Bytes of the length in front; 0 takes `length` bytes. */
  vector(lengthSize: number, length: number = this.number(lengthSize)): Buffer {
    if (length > this.left) throw new RangeError('cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** The handshake message in the records so far, which may divide it anywhere; null for no TLS. */
function messageIn(bytes: Buffer): Buffer | null {
  const pieces: Buffer[] = [];
  for (let at = 0; at + RECORD_HEAD <= bytes.length;) {
    if (bytes[at] !== HANDSHAKE_RECORD) return null;
    const end = at + RECORD_HEAD + bytes.readUInt16BE(at + 3);
    pieces.push(bytes.subarray(at + RECORD_HEAD, end));
    at = end;
  }
  return Buffer.concat(pieces);
}

function helloIn(message: Buffer): ClientHello {
  const hello = new Reader(message);
  hello.vector(0, 2 + 32);
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  const extensions = new Reader(hello.vector(2));
  let { serverName, protocols } = NAMELESS;
  while (extensions.left > 0) {
    const kind = extensions.number(2);
    const content = new Reader(extensions.vector(2));
    if (kind === SERVER_NAME) serverName = firstName(new Reader(content.vector(2)));
    if (kind === ALPN) protocols = namesIn(new Reader(content.vector(2)));
  }
  return { serverName, protocols };
}

function namesIn(list: Reader): string[] {
  const names: string[] = [];
  while (list.left > 0) names.push(list.vector(1).toString('latin1'));
  return names;
}

function firstName(names: Reader): string | null {
  const kind = names.number(1);
  const name = names.vector(2);
  return kind === HOST_NAME ? name.toString('latin1') : null;
}

/**
 * Reads the first bytes of a TLS connection.
 *
 * @returns null while more of the message has to come. A message that makes no sense names nothing:
 * the TLS library will refuse it with the right alert.
 */
export function readClientHello(bytes: Buffer): ClientHello | null {
  const message = messageIn(bytes);
  if (message === null || bytes.length > MAX_HELLO_BYTES) return NAMELESS;
  if (message.length < MESSAGE_HEAD) return null;
  if (message[0] !== CLIENT_HELLO) return NAMELESS;
  const end = MESSAGE_HEAD + message.readUIntBE(1, 3);
  if (end > MAX_HELLO_BYTES) return NAMELESS;
  if (message.length < end) return null;
  try {
    return helloIn(message.subarray(MESSAGE_HEAD, end));
  } catch {
    return NAMELESS;
  }
}
