import { newDraft } from '@calltape/store';
import type { CallDraft, DraftResponse, FlatHeaders, HttpVersion, Outcome } from '@calltape/store';
import { noteArrival } from './arrivals.ts';
import type { HeldBytes } from './held-bytes.ts';
import { KeptBody } from './kept-body.ts';
import { noMarks, timingsOf } from './timings.ts';
import type { Marks } from './timings.ts';

export interface RequestStart {
  readonly method: string;
  /** Absolute target URI. */
  readonly url: string;
  readonly httpVersion: HttpVersion;
  /** As they came from the client. */
  readonly headers: FlatHeaders;
}

export interface ResponseStart {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: HttpVersion;
  /** As they came from the upstream. */
  readonly headers: FlatHeaders;
}

/**
 * One call in the making: events go in, the draft fills. It does no I/O and reads no clock; every
 * `atMs` is in milliseconds since the call started.
 */
export class Capture {
  readonly draft: CallDraft;
  readonly marks: Marks = noMarks();
  readonly #requestBody: KeptBody;
  readonly #responseBody: KeptBody;
  #response: DraftResponse | null = null;
  #streams = false;
  #interim: DraftResponse['interim'] = [];

  /**
   * @param bodyLimit - Bytes of content to keep in each direction.
   * @param held - The memory that it shares with other calls; null for as much as it needs.
   */
  constructor(start: RequestStart, bodyLimit: number, held: HeldBytes | null = null) {
    this.#requestBody = new KeptBody(bodyLimit, held);
    this.#responseBody = new KeptBody(bodyLimit, held);
    const draft = newDraft(start.method, start.url);
    draft.httpVersion = start.httpVersion;
    draft.headers = start.headers;
    draft.body = this.#requestBody;
    this.draft = draft;
  }

  /** Whether `responsePiece` wants the time. */
  get streams(): boolean {
    return this.#streams;
  }

  /** Returns whether the piece itself is not needed any more. */
  requestPiece(piece: Uint8Array): boolean {
    return this.#requestBody.add(piece);
  }

  requestTrailers(trailers: FlatHeaders): void {
    this.draft.trailers = trailers;
  }

  interim(status: number, statusText: string, headers: FlatHeaders, atMs: number): void {
    this.#interim.push({ status, statusText, headers, atMs });
  }

  /** @param streams - Keep the arrival time of each piece of content. */
  responseHead(start: ResponseStart, streams: boolean, atMs: number): void {
    this.marks.head = atMs;
    this.#streams = streams;
    this.#response = {
      status: start.status,
      statusText: start.statusText,
      httpVersion: start.httpVersion,
      headers: start.headers,
      body: this.#responseBody,
      trailers: [],
      interim: this.#interim,
      chunks: [],
    };
    this.draft.response = this.#response;
    this.draft.ttfbMs = atMs;
  }

  /** Returns whether the piece itself is not needed any more. */
  responsePiece(piece: Uint8Array, atMs: number): boolean {
    if (this.#streams && this.#response !== null) {
      noteArrival(this.#response.chunks, atMs, piece.length);
    }
    return this.#responseBody.add(piece);
  }

  responseEnd(trailers: FlatHeaders, atMs: number): void {
    if (this.#response !== null) this.#response.trailers = trailers;
    this.marks.ended = atMs;
  }

  /**
   * Gives the memory of the answer's content back at once: the garbage collector would come for it
   * only when some hundred megabytes lie there. Only to be called when the client's
   * connection has taken all of it, since the network still reads from that memory until then.
   */
  freeContent(): void {
    this.#responseBody.free();
  }

  /** The call is over; `errorType` and `message` say why it is not whole. */
  end(outcome: Outcome, errorType: string | null, message: string | null, atMs: number): void {
    const { draft, marks } = this;
    this.#requestBody.close();
    this.#responseBody.close();
    if (Number.isNaN(marks.ended)) marks.ended = atMs;
    draft.timings = timingsOf(marks);
    draft.durationMs = atMs;
    draft.outcome = outcome;
    draft.errorType = errorType;
    draft.errorMessage = message;
  }
}
