import type { ClientRequest, IncomingMessage } from 'node:http';
import type { TapeWriter } from '@calltape/store';
import { Deadline } from './deadline.ts';
import { pump } from './pump.ts';
import { flushHead } from './send-head.ts';
import { addTrailers } from './trailers.ts';

export interface UploadEvents {
  onPiece(piece: Buffer): void;
  onTrailers(raw: readonly string[]): void;
  /** The whole request was passed on, or the client broke it off. */
  onOver(whole: boolean): void;
  /** The client has sent nothing for too long. */
  onIdle(): void;
}

/** The content of a request on its way from the client to the upstream. */
export class Upload {
  readonly #request: IncomingMessage;
  readonly #idle: Deadline = new Deadline();
  readonly #events: UploadEvents;
  readonly #onClose = (): void => this.#finish(false);
  #pending = true;

  constructor(request: IncomingMessage, events: UploadEvents) {
    this.#request = request;
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

  /** @param idleTimeoutMs - How long the client may pause; 0 for no limit. */
  start(upstream: ClientRequest, writer: TapeWriter, idleTimeoutMs: number): void {
    const request = this.#request;
    this.#idle.start(idleTimeoutMs, () => {
      if (request.isPaused()) this.#idle.extend();
      else this.#events.onIdle();
    });
    pump(request, upstream, writer, (piece) => {
      this.#idle.extend();
      this.#events.onPiece(piece);
    });
    request.on('end', () => this.#onEnd(upstream));
    // The request itself tells nothing once its answer is out.
    request.socket.once('close', this.#onClose);
    flushHead(upstream);
  }

  /** Reads what is left without passing it on, so that the client gets to read its answer. */
  discard(): void {
    this.#idle.stop();
    if (this.#pending) this.#request.resume();
  }

  #onEnd(upstream: ClientRequest): void {
    const { rawTrailers } = this.#request;
    if (rawTrailers.length > 0) {
      this.#events.onTrailers(rawTrailers);
      addTrailers(upstream, rawTrailers);
    }
    upstream.end();
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
