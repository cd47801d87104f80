import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { ClientResponse, ResponseChannel } from './client-side.ts';
import { fieldKind } from './field-kind.ts';
import { http2 } from './node-http.ts';

const MAX_STATUS = 599;

/** Fields that are about a connection of HTTP/1.1 (RFC 9113 section 8.2.2). */
function isOfConnection(name: string): boolean {
  const kind = fieldKind(name);
  return (
    kind === 'hop' || kind === 'connection' || kind === 'keep-alive' || kind === 'transfer-encoding'
  );
}

function http2Fields(status: number, fields: readonly string[]): string[] {
  const lines = [':status', String(status)];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (!isOfConnection(name)) lines.push(name.toLowerCase(), fields[at + 1] ?? '');
  }
  return lines;
}

/** The same with the values of one name together, for what takes no list of lines. */
function grouped(lines: readonly string[]): OutgoingHttpHeaders {
  const byName = new Map<string, string[]>();
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [name = '', value = ''] = [lines[at], lines[at + 1]];
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return Object.fromEntries(byName);
}

type Heard = (() => void) | ((error: Error) => void);

/** The response on a stream of HTTP/2, used like one in HTTP/1.1. */
export class Http2Response implements ClientResponse {
  chunkedEncoding = true;
  sendDate = false;
  shouldKeepAlive = true;
  readonly #stream: ServerHttp2Stream;
  readonly #toHead: boolean;
  #head: string[] | null = null;
  #trailers: OutgoingHttpHeaders | null = null;
  /** The response has no content, whatever is written. */
  #bodiless = false;
  #ended = false;
  #finished = false;
  #onFinish: Heard[] = [];
  #onClose: Heard[] = [];

  constructor(stream: ServerHttp2Stream, toHead: boolean) {
    this.#stream = stream;
    this.#toHead = toHead;
    stream.on('finish', () => this.#finish());
    stream.on('close', () => this.#close());
  }

  /** Resets the stream behind what has been written. */
  get socket(): ResponseChannel {
    return { destroySoon: () => this.#cut() };
  }

  get headersSent(): boolean {
    return this.#stream.headersSent;
  }

  get destroyed(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  get writableEnded(): boolean {
    return this.#ended;
  }

  get writableFinished(): boolean {
    return this.#finished;
  }

  removeHeader(): void {}

  flushHeaders(): void {
    this.#respond();
  }

  /** @throws RangeError for a status that HTTP/2 in Node.js cannot carry. */
  writeHead(status: number, _reason: string, fields: string[]): void {
    if (status > MAX_STATUS) throw new RangeError(`the status ${status} does not exist in HTTP/2`);
    this.#bodiless = this.#toHead || status === 204 || status === 205 || status === 304;
    this.#head = http2Fields(status, fields);
  }

  writeContinue(): void {
    this.writeInformation(100, []);
  }

  writeInformation(status: number, fields: string[]): void {
    // RFC 9113 section 8.6: there is no change of protocol.
    if (this.destroyed || this.headersSent || status === 101) return;
    this.#stream.additionalHeaders(grouped(http2Fields(status, fields)));
  }

  write(piece: Uint8Array | string, taken?: 'latin1' | (() => void)): boolean {
    const then = typeof taken === 'function' ? taken : null;
    this.#respond();
    if (this.#bodiless || this.destroyed) then?.();
    else if (piece.length > 0 || then !== null) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
      return this.#stream.write(bytes, () => then?.());
    }
    return true;
  }

  addTrailers(pairs: readonly [string, string][]): void {
    this.#trailers = grouped(pairs.flatMap(([name, value]) => [name.toLowerCase(), value]));
  }

  end(piece?: Uint8Array | string): void {
    this.#ended = true;
    if (piece !== undefined && piece.length > 0) this.write(piece);
    else this.#respond(this.#trailers === null);
    if (!this.destroyed) this.#stream.end();
  }

  destroy(): void {
    this.#stream.close(http2().constants.NGHTTP2_INTERNAL_ERROR);
  }

  on(event: 'finish' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: string, listener: Heard): void {
    // Whoever serves the stream hears of its errors, and its close tells of them too.
    if (event === 'error') return;
    (event === 'finish' ? this.#onFinish : this.#onClose).push(listener);
  }

  once(event: 'drain' | 'close', listener: () => void): void;
  once(event: 'socket', listener: (socket: ResponseChannel) => void): void;
  once(event: string, listener: (() => void) | ((socket: ResponseChannel) => void)): void {
    this.#stream.once(event, listener);
  }

  /** @param isAll - Nothing follows the head. */
  #respond(isAll = false): void {
    const head = this.#head;
    if (head === null || this.destroyed || this.headersSent) return;
    const endStream = this.#bodiless || isAll;
    // What is all there leaves with its end in one go. The end of what still comes waits, as if for
    // trailers: Node would put an END_STREAM before the RST_STREAM of an answer that is cut.
    const waitForTrailers = !endStream && (!this.#ended || this.#trailers !== null);
    if (waitForTrailers) this.#awaitEnd();
    const options = { endStream, waitForTrailers, sendDate: false };
    try {
      this.#stream.respond(head, options);
    } catch {
      // Something in the head that HTTP/1.1 can say and this cannot.
      this.destroy();
    }
  }

  #awaitEnd(): void {
    const stream = this.#stream;
    stream.on('wantTrailers', () => this.#sendTrailers());
    if (stream.endAfterHeaders) stream.resume();
  }

  #sendTrailers(): void {
    if (!this.#stream.destroyed) this.#stream.sendTrailers(this.#trailers ?? {});
  }

  /** A stream also calls itself finished when it is reset. */
  #finish(): void {
    const { aborted, rstCode } = this.#stream;
    if (this.#finished || !this.#ended || aborted || rstCode !== 0) return;
    this.#finished = true;
    for (const listener of this.#onFinish) Reflect.apply(listener, null, []);
  }

  /** Without content there may have been no `finish`. */
  #close(): void {
    this.#finish();
    for (const listener of this.#onClose) Reflect.apply(listener, null, []);
    // The session's table of streams may keep this one until the next full garbage collection; what
    // belongs to the call must not stay with it.
    this.#onFinish = [];
    this.#onClose = [];
  }

  #cut(): void {
    const reset = (): void => this.destroy();
    if (this.headersSent && !this.destroyed && !this.#ended) this.#stream.write('', reset);
    else reset();
  }
}
