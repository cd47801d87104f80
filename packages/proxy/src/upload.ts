import type { TapeWriter } from '@calltape/store';
import type { Attempt } from './attempt.ts';
import type { IncomingRequest } from './client-side.ts';
import { Deadline } from './deadline.ts';
import { givingBack } from './give-back.ts';
import { IncomingMessage } from './node-http.ts';
import { passedTrailers } from './trailers.ts';

export interface UploadEvents {
  /** Returns whether the piece is needed only until it has been passed on. */
  onPiece(piece: Buffer): boolean;
  onTrailers(raw: readonly string[]): void;
  /** The whole request was passed on, or the client broke it off. */
  onOver(whole: boolean): void;
  /** The client has sent nothing for too long. */
  onIdle(): void;
}

/** The content of a request on its way from the client to the upstream. */
export class Upload {
  readonly #request: IncomingRequest;
  readonly #writer: TapeWriter;
  readonly #idle: Deadline = new Deadline();
  readonly #events: UploadEvents;
  readonly #onClose = (): void => this.#finish(false);
  readonly #resume = (): void => {
    this.#request.resume();
  };
  /** Node's own reader of HTTP/1 copies each piece for whoever takes it; others keep theirs. */
  readonly #ownsPieces: boolean;
  #pending = true;

  constructor(request: IncomingRequest, writer: TapeWriter, events: UploadEvents) {
    this.#request = request;
    this.#ownsPieces = request instanceof IncomingMessage;
    this.#writer = writer;
    this.#events = events;
  }

  /** Content is still to come from the client. */
  get pending(): boolean {
    return this.#pending;
  }

  /** Nothing but the client itself holds the content back. */
  get waitsForClient(): boolean {
    return this.#pending && !this.#request.isPaused();
  }

  /**
   * Moves the content to the upstream, each piece as it comes. The client is read no further while
   * the upstream or the tape can take no more. What comes after the upstream is gone is dropped, so
   * that a client can finish its upload and read the answer that is waiting for it.
   *
   * @param idleTimeoutMs - How long the client may pause; 0 for no limit.
   */
  start(upstream: Attempt, idleTimeoutMs: number): void {
    const request = this.#request;
    this.#idle.start(idleTimeoutMs, () => {
      if (request.isPaused()) this.#idle.extend();
      else this.#events.onIdle();
    });
    request.on('data', (piece: Buffer) => this.#pass(piece, upstream));
    request.on('end', () => this.#onEnd(upstream));
    // The request itself tells nothing once its answer is out.
    request.socket.once('close', this.#onClose);
  }

  /** The upstream takes more, or takes no more at all. */
  resume(): void {
    this.#writer.onceDrained(this.#resume);
  }

  /** Reads what is left without passing it on, so that the client gets to read its answer. */
  discard(): void {
    this.#idle.stop();
    if (this.#pending) this.#request.resume();
  }

  #pass(piece: Buffer, upstream: Attempt): void {
    this.#idle.extend();
    if (!upstream.takesContent) return;
    const isFree = this.#events.onPiece(piece) && this.#ownsPieces;
    const then = isFree ? givingBack(piece) : undefined;
    if (!upstream.write(piece, then)) this.#request.pause();
    else if (this.#writer.full) {
      this.#request.pause();
      this.resume();
    }
  }

  #onEnd(upstream: Attempt): void {
    const { rawTrailers } = this.#request;
    if (rawTrailers.length > 0) this.#events.onTrailers(rawTrailers);
    upstream.endRequest(passedTrailers(rawTrailers));
    this.#finish(true);
  }

  #finish(whole: boolean): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#idle.stop();
    this.#request.socket.off('close', this.#onClose);
    this.#events.onOver(whole);
  }
}
