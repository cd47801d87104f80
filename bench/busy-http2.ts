// Calls over HTTP/2 at the price of a few microseconds each, so that what is measured is the proxy:
// it writes and reads frames itself (RFC 9113), and of the answers' fields it reads the status alone.
import type { TLSSocket } from 'node:tls';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE] = [0, 1, 3, 4, 6, 7, 8];
const [END_STREAM, ACK, END_HEADERS] = [1, 1, 4];
const HEAD_BYTES = 9;
const INITIAL_WINDOW_SIZE = 4;
/** What browsers and curl allow, roughly: a stream is never held up, bytes. */
const STREAM_WINDOW = 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;
/** `:status 200` in HPACK's static table (RFC 7541, appendix A), which everybody uses. */
const STATUS_200 = 0x88;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function windowUpdate(bytes: number): Buffer {
  return frame(WINDOW_UPDATE, 0, 0, word(bytes));
}

function opening(): Buffer {
  const setting = Buffer.concat([Buffer.from([0, INITIAL_WINDOW_SIZE]), word(STREAM_WINDOW)]);
  const settings = frame(SETTINGS, 0, 0, setting);
  return Buffer.concat([Buffer.from(PREFACE), settings, windowUpdate(SESSION_WINDOW - 65_535)]);
}

/** A name of the static table and a value, which the next requests find in the dynamic one. */
function indexed(name: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40 | name, value.length]), Buffer.from(value)]);
}

/** GET over https, the path and the authority: written out at first, then two numbers. */
function fieldBlocks(path: string, authority: string): { first: Buffer; next: Buffer } {
  const said = Buffer.from([0x82, 0x87]);
  const first = Buffer.concat([said, indexed(4, path), indexed(1, authority)]);
  return { first, next: Buffer.concat([said, Buffer.from([0x80 | 63, 0x80 | 62])]) };
}

export interface Work {
  readonly path: string;
  readonly authority: string;
  /** Calls under way at once. */
  readonly streams: number;
  /** After this no more calls are made, by `performance.now()`. */
  readonly endAt: number;
  onCall(ok: boolean): void;
}

/** Keeps calls under way on one connection until its time is over. */
export class BusySession {
  readonly #socket: TLSSocket;
  readonly #work: Work;
  readonly #blocks: { readonly first: Buffer; readonly next: Buffer };
  #left: Buffer = Buffer.alloc(0);
  #nextStream = 1;
  #underWay = 0;
  #unacknowledged = 0;

  constructor(socket: TLSSocket, work: Work) {
    this.#socket = socket;
    this.#work = work;
    this.#blocks = fieldBlocks(work.path, work.authority);
  }

  /** @returns when the last answer has come. */
  async run(): Promise<void> {
    const socket = this.#socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', reject);
    socket.on('close', () => {
      if (this.#underWay === 0) resolve();
      else reject(new Error('the connection was closed'));
    });
    socket.cork();
    socket.write(opening());
    for (let stream = 0; stream < this.#work.streams; stream += 1) this.#ask();
    socket.uncork();
    await promise;
  }

  #ask(): void {
    const block = this.#nextStream === 1 ? this.#blocks.first : this.#blocks.next;
    this.#socket.write(frame(HEADERS, END_STREAM | END_HEADERS, this.#nextStream, block));
    this.#nextStream += 2;
    this.#underWay += 1;
  }

  #read(bytes: Buffer): void {
    const all = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    let at = 0;
    this.#socket.cork();
    while (at + HEAD_BYTES <= all.length) {
      const end = at + HEAD_BYTES + all.readUIntBE(at, 3);
      if (end > all.length) break;
      this.#take(all[at + 3] ?? 0, all[at + 4] ?? 0, all.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.#left = all.subarray(at);
    this.#socket.uncork();
  }

  #take(type: number, flags: number, payload: Buffer): void {
    if (type === RST_STREAM || type === GOAWAY) this.#socket.destroy(new Error('refused'));
    else if (type === SETTINGS || type === PING) this.#confirm(type, flags, payload);
    else if (type === DATA || type === HEADERS) this.#takeAnswer(type, flags, payload);
  }

  /** Tells the other side that a frame of its own has come. */
  #confirm(type: number, flags: number, payload: Buffer): void {
    if ((flags & ACK) !== 0) return;
    this.#socket.write(frame(type, ACK, 0, type === PING ? payload : Buffer.alloc(0)));
  }

  #takeAnswer(type: number, flags: number, payload: Buffer): void {
    if (type === DATA) this.#acknowledge(payload.length);
    else if (payload[0] !== STATUS_200) this.#work.onCall(false);
    if ((flags & END_STREAM) !== 0) this.#onAnswered();
  }

  #acknowledge(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#unacknowledged < SESSION_WINDOW / 2) return;
    this.#socket.write(windowUpdate(this.#unacknowledged));
    this.#unacknowledged = 0;
  }

  #onAnswered(): void {
    this.#underWay -= 1;
    this.#work.onCall(true);
    if (performance.now() < this.#work.endAt) this.#ask();
    else if (this.#underWay === 0) this.#socket.end();
  }
}
