import type { Socket } from 'node:net';
import type { Taken } from './give-back.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { lastChunkText } from './request-text.ts';
import { ResponseParser } from './response-parser.ts';
import type { AnswerHead, AnswerSink } from './response-parser.ts';

/** Many servers close a connection that was idle for 5 s; ours are dropped before that, ms. */
export const IDLE_CONNECTION_MS = 4000;
const KEEP_ALIVE_PROBE_MS = 1000;
const NOTHING = Buffer.alloc(0);

/** A request as it is put on a connection. */
export interface WireRequest {
  /** Request line and field lines, one byte a character. */
  readonly head: string;
  readonly toHead: boolean;
  readonly hasContent: boolean;
  readonly chunked: boolean;
}

/** Who has a connection for one request and its answer. */
export interface ConnectionUser extends AnswerSink {
  /** All that has come so far has been told; what came last was `read`. */
  onCaughtUp(read: Buffer): void;
  /** The last byte of the request was handed to the network. */
  onSent(): void;
  /** More of the request can be written. */
  onDrain(): void;
  /** The exchange is over; the connection belongs to others now. */
  onReleased(): void;
  /**
   * The connection is gone before the exchange was over.
   *
   * @param error - Null after an orderly close.
   */
  onLost(error: Error | null): void;
}

/** Keeps connections between their uses. */
export interface ConnectionOwner {
  onIdle(connection: UpstreamConnection): void;
  onLost(connection: UpstreamConnection): void;
}

function flush(connection: UpstreamConnection): void {
  connection.flushHead();
}

/** One HTTP/1.1 connection to an upstream, for one request after another. */
export class UpstreamConnection implements AnswerSink {
  /** Whose connections it belongs to. */
  readonly key: string;
  readonly peerAddress: string | null;
  /** When it became idle, by the clock of `performance.now()`, ms. */
  idleSince = 0;
  /** How long it may be idle, ms; an answer may say less. */
  idleLimitMs: number = IDLE_CONNECTION_MS;
  readonly #socket: Socket;
  readonly #secure: boolean;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  readonly #onFlushed = (): void => this.#user?.onSent();
  #user: ConnectionUser | null = null;
  #head = '';
  #chunked = false;
  #requestOver = false;
  #used = false;
  /** Nothing has come since the request was put on it. */
  #silent = true;

  constructor(socket: Socket, secure: boolean, key: string, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#secure = secure;
    this.key = key;
    this.peerAddress = socket.remoteAddress ?? null;
    this.#owner = owner;
    this.#parser = new ResponseParser(this);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('drain', () => this.#user?.onDrain());
    socket.on('end', () => this.#onEnded());
    socket.on('error', (error: Error) => this.#lose(error));
    socket.on('close', () => this.#lose(null));
  }

  /** A request before this one has been answered on it. */
  get reused(): boolean {
    return this.#used;
  }

  get silent(): boolean {
    return this.#silent;
  }

  /** Puts a request on the connection; its content, if any, follows by `write` and `endRequest`. */
  begin(user: ConnectionUser, request: WireRequest): void {
    this.#user = user;
    this.#silent = true;
    this.idleLimitMs = IDLE_CONNECTION_MS;
    this.#requestOver = !request.hasContent;
    this.#chunked = request.chunked;
    this.#parser.begin(request.toHead);
    if (request.hasContent) {
      // The first piece of content is likely to come at once and then leaves in the same packet.
      this.#head = request.head;
      process.nextTick(flush, this);
    } else this.#writeLast(request.head);
  }

  /**
   * Returns false when `onDrain` is to be awaited before more is written.
   *
   * @param taken - Called when nothing reads from the piece's memory any more; may never be.
   */
  write(piece: Uint8Array, taken?: Taken): boolean {
    const socket = this.#socket;
    socket.cork();
    this.flushHead();
    if (this.#chunked) socket.write(`${piece.length.toString(16)}\r\n`, 'latin1');
    socket.write(piece, this.#secure ? undefined : taken);
    if (this.#chunked) socket.write('\r\n', 'latin1');
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  endRequest(trailers: readonly [string, string][]): void {
    this.flushHead();
    this.#requestOver = true;
    if (this.#chunked) this.#writeLast(lastChunkText(trailers));
    else this.#tellSent();
    this.#settle();
  }

  flushHead(): void {
    if (this.#head === '') return;
    this.#socket.write(this.#head, 'latin1');
    this.#head = '';
  }

  /** Reads no more of the answer for now. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes it; its user is told nothing. */
  destroy(): void {
    this.#user = null;
    this.#owner.onLost(this);
    this.#socket.destroy();
  }

  onInterim(head: AnswerHead): void {
    this.#user?.onInterim(head);
  }

  onHead(head: AnswerHead): void {
    this.#user?.onHead(head);
  }

  onContent(piece: Buffer): void {
    this.#user?.onContent(piece);
  }

  onEnd(trailers: string[]): void {
    this.#user?.onEnd(trailers);
  }

  #writeLast(text: string): void {
    if (this.#secure) this.#socket.write(text, 'latin1', this.#onFlushed);
    else {
      this.#socket.write(text, 'latin1');
      this.#tellSent();
    }
  }

  /** A plain socket mostly hands on at once what is written to it; asking costs less than a callback. */
  #tellSent(): void {
    if (this.#socket.writableLength === 0) this.#user?.onSent();
    else this.#socket.write(NOTHING, this.#onFlushed);
  }

  #receive(bytes: Buffer): void {
    this.#silent = false;
    if (this.#parser.idle) {
      // Nobody has asked for these (RFC 9112 section 9.2); the next answer must not begin with them.
      this.#lose(null);
      return;
    }
    let read: number;
    try {
      read = this.#parser.read(bytes);
    } catch (error) {
      this.#lose(error instanceof Error ? error : new MalformedAnswer(String(error)));
      return;
    }
    if (!this.#parser.idle) this.#user?.onCaughtUp(bytes);
    else if (read < bytes.length) this.#lose(null);
    else this.#settle();
  }

  #onEnded(): void {
    const awaited = !this.#parser.idle;
    if (awaited && this.#parser.end()) this.#settle();
    this.#lose(null);
  }

  /** Lets go of the connection once both directions are over. */
  #settle(): void {
    const user = this.#user;
    if (user === null || !this.#requestOver || !this.#parser.idle) return;
    this.#user = null;
    this.#used = true;
    user.onReleased();
    const socket = this.#socket;
    // Of a request that was answered before it was sent, the rest still has to leave.
    const isReusable = this.#parser.persistent && this.idleLimitMs > 0;
    if (isReusable && socket.writable && socket.writableLength === 0) {
      socket.resume();
      this.#owner.onIdle(this);
    } else {
      this.#owner.onLost(this);
      socket.destroySoon();
    }
  }

  #lose(error: Error | null): void {
    const user = this.#user;
    this.destroy();
    user?.onLost(error);
  }
}
