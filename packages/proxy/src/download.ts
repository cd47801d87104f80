import type { TapeWriter } from '@calltape/store';
import type { Attempt } from './attempt.ts';
import type { ClientResponse } from './client-side.ts';
import { flushHead } from './send-head.ts';
import { passedTrailers } from './trailers.ts';

/**
 * The content of an answer on its way from the upstream to the client. The upstream is read no
 * further while the client or the tape can take no more. A piece is held back until the bytes that
 * came with it have been read, so that a small answer leaves whole in one write.
 */
export class Download {
  readonly #response: ClientResponse;
  readonly #upstream: Attempt;
  readonly #writer: TapeWriter;
  readonly #resume = (): void => {
    this.#paused = false;
    this.#upstream.resume();
  };
  readonly #onDrain = (): void => this.#writer.onceDrained(this.#resume);
  #held: Buffer | null = null;
  #flushed = false;
  #paused = false;

  constructor(response: ClientResponse, upstream: Attempt, writer: TapeWriter) {
    this.#response = response;
    this.#upstream = upstream;
    this.#writer = writer;
  }

  add(piece: Buffer): void {
    const held = this.#held;
    this.#held = piece;
    if (held !== null) this.#write(held);
  }

  /** Sends what has come so far, the head at the least. */
  flush(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#write(held);
    else if (!this.#flushed) flushHead(this.#response);
    this.#flushed = true;
  }

  /** Sends the last of it. */
  end(rawTrailers: readonly string[]): void {
    const response = this.#response;
    if (rawTrailers.length > 0 && response.chunkedEncoding) {
      response.addTrailers(passedTrailers(rawTrailers));
    }
    const held = this.#held;
    this.#held = null;
    if (held === null) response.end();
    else response.end(held);
  }

  #write(piece: Buffer): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    const isTaken = response.write(piece);
    if (this.#paused || (isTaken && !this.#writer.full)) return;
    this.#paused = true;
    this.#upstream.pause();
    if (isTaken) this.#onDrain();
    else response.once('drain', this.#onDrain);
  }
}
