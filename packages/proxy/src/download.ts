import type { TapeWriter } from '@calltape/store';
import type { Attempt } from './attempt.ts';
import type { ClientResponse } from './client-side.ts';
import { givingBack } from './give-back.ts';
import type { Taken } from './give-back.ts';
import { flushHead } from './send-head.ts';
import { passedTrailers } from './trailers.ts';

/** Where content goes to: the response, or what changes it on its way there. */
export interface ContentSink {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  write(piece: Buffer, taken?: Taken): boolean;
  once(event: 'drain', then: () => void): unknown;
  end(last?: Buffer): unknown;
}

/**
 * Content up to this size is joined with its head into one text, a character a byte, bytes: one plain
 * write costs two thirds of one that gathers a head and a buffer.
 */
const SMALL_BYTES = 8 * 1024;

/**
 * The content of an answer on its way from the upstream to the client. The upstream is read no
 * further while the client or the tape can take no more. A piece is held back until the bytes that
 * came with it have been read, so that a small answer leaves whole in one write.
 */
export class Download {
  readonly #response: ClientResponse;
  readonly #sink: ContentSink;
  readonly #upstream: Attempt;
  readonly #writer: TapeWriter;
  /** What was read is nobody's any more when the client's connection says that it has taken it. */
  readonly #ownsReads: boolean;
  #held: Buffer | null = null;
  /** Nothing of what is being read is needed once it has been passed on. */
  #isReadFree = true;
  #flushed = false;
  #paused = false;

  /**
   * @param change - What the content goes through on its way; null for nothing.
   * @param isPlain - The client's connection takes the bytes as they are, and tells when it has.
   */
  constructor(
    response: ClientResponse,
    change: ContentSink | null,
    upstream: Attempt,
    writer: TapeWriter,
    isPlain: boolean,
  ) {
    this.#ownsReads = isPlain && change === null;
    this.#response = response;
    this.#sink = change ?? response;
    this.#upstream = upstream;
    this.#writer = writer;
  }

  /** @param isFree - Only the client still needs it. */
  add(piece: Buffer, isFree: boolean): void {
    if (!isFree) this.#isReadFree = false;
    const held = this.#held;
    this.#held = piece;
    if (held !== null) this.#write(held);
  }

  /**
   * Sends what has come so far, the head at the least.
   *
   * @param read - What came last: all of the pieces since the last time lie in it.
   */
  flush(read: Buffer | null): void {
    const held = this.#held;
    this.#held = null;
    const isFree = this.#ownsReads && this.#isReadFree && read !== null;
    this.#isReadFree = true;
    if (held !== null) this.#write(held, isFree ? givingBack(read) : undefined);
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
    if (held === null) this.#sink.end();
    else if (this.#isSmallWhole(held)) response.end(held.toString('latin1'), 'latin1');
    else this.#sink.end(held);
  }

  /** Nothing has left yet, and nothing stands between the upstream and the client. */
  #isSmallWhole(last: Buffer): boolean {
    const response = this.#response;
    if (this.#flushed || this.#sink !== response) return false;
    return !response.chunkedEncoding && last.length <= SMALL_BYTES;
  }

  #write(piece: Buffer, taken?: Taken): void {
    const sink = this.#sink;
    if (sink.destroyed || sink.writableEnded) return;
    const isTaken = sink.write(piece, taken);
    if (this.#paused || (isTaken && !this.#writer.full)) return;
    this.#paused = true;
    this.#upstream.pause();
    if (isTaken) this.#onDrain();
    else sink.once('drain', () => this.#onDrain());
  }

  #onDrain(): void {
    this.#writer.onceDrained(() => {
      this.#paused = false;
      this.#upstream.resume();
    });
  }
}
