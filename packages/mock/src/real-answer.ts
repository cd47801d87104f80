import { STATUS_CODES } from 'node:http';
import { isBodiless } from './framing.ts';
import type { Framing, HeadStep, Plan, Step } from './step.ts';
import type { AnswerTaker, VisitResponse } from './visit.ts';

/** The most content of an answer that is kept to be altered, bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** How far an answer has come. */
export type Progress = 'coming' | 'whole' | 'too large';

/**
 * Told of an answer as far as it has come.
 *
 * @returns whether nothing more of it is wanted, since the client has what it is to get.
 */
export type OnProgress = (answer: Plan, progress: Progress) => boolean;

type Heard = (() => void) | ((told: Error) => void) | ((told: AnswerTaker['socket']) => void);

/** The call that an answer is for. */
export interface Asked {
  readonly method: string;
  readonly httpVersion: string;
}

function namesField(fields: readonly string[], name: string): boolean {
  return fields.some((field, at) => at % 2 === 0 && field.toLowerCase() === name);
}

/** An answer without a length is sent in chunks, as node:http would. */
function headOf(
  method: string,
  status: number,
  reason: string,
  fields: readonly string[],
): HeadStep {
  const of = (framing: Framing, headers: readonly string[]): HeadStep => {
    return { kind: 'head', status, statusText: reason, headers, framing };
  };
  if (isBodiless(method, status)) return of('none', fields);
  if (namesField(fields, 'transfer-encoding')) return of('chunked', fields);
  if (namesField(fields, 'content-length')) return of('length', fields);
  return of('chunked', [...fields, 'Transfer-Encoding', 'chunked']);
}

/** What is given belongs to whoever gives it, and may be used again. */
function copyOf(piece: Uint8Array | string): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece);
}

/** Takes the answer of the real API in the place of the client and makes a plan of it while it comes. */
export class RealAnswer implements AnswerTaker {
  headersSent = false;
  destroyed = false;
  writableEnded = false;
  writableFinished = false;
  chunkedEncoding = false;
  sendDate = false;
  readonly #asked: Asked;
  readonly #client: Pick<VisitResponse, 'shouldKeepAlive'>;
  readonly #onProgress: OnProgress;
  readonly #listeners: [event: string, listener: Heard][] = [];
  #steps: Step[] = [];
  #size = 0;
  #trailers: readonly string[] = [];
  /** The client has what it is to get; the rest is for the tape alone. */
  #isUnwanted = false;

  constructor(
    asked: Asked,
    client: Pick<VisitResponse, 'shouldKeepAlive'>,
    onProgress: OnProgress,
  ) {
    this.#asked = asked;
    this.#client = client;
    this.#onProgress = onProgress;
  }

  get socket(): { destroySoon(): void } {
    return { destroySoon: () => this.destroy() };
  }

  get shouldKeepAlive(): boolean {
    return this.#client.shouldKeepAlive;
  }

  set shouldKeepAlive(keeps: boolean) {
    this.#client.shouldKeepAlive = keeps;
  }

  removeHeader(): void {}

  /** The client was told to go on when its content was read. */
  writeContinue(): void {}

  writeInformation(status: number, headers: readonly string[]): void {
    const statusText = STATUS_CODES[status] ?? '';
    this.#steps.push({ kind: 'interim', status, statusText, headers });
    this.#tell('coming');
  }

  writeHead(status: number, reason: string, fields: readonly string[]): void {
    const head = headOf(this.#asked.method, status, reason, fields);
    this.headersSent = true;
    this.chunkedEncoding = head.framing === 'chunked';
    this.#steps.push(head);
  }

  flushHeaders(): void {
    this.#tell('coming');
  }

  write(piece: Uint8Array | string, taken?: 'latin1' | (() => void)): boolean {
    this.#add(piece);
    if (typeof taken === 'function') taken();
    this.#tell('coming');
    return true;
  }

  addTrailers(pairs: readonly [string, string][]): void {
    this.#trailers = pairs.flat();
  }

  end(piece: Uint8Array | string = ''): void {
    this.#add(piece);
    this.writableEnded = true;
    this.#steps.push({ kind: 'end', trailers: this.#trailers });
    this.#tell('whole');
    queueMicrotask(() => {
      this.writableFinished = true;
      this.#emit('finish');
      this.#emit('close');
    });
  }

  /** The answer is broken off. Over HTTP/1.0 an orderly end would look like a whole one. */
  destroy(): void {
    if (this.destroyed || this.writableEnded) return;
    this.destroyed = true;
    this.#steps.push({ kind: this.#asked.httpVersion === '1.0' ? 'reset' : 'close' });
    this.#tell('whole');
    queueMicrotask(() => this.#emit('close'));
  }

  /** The client has left: nobody needs the answer, unless it is only for the tape by now. */
  left(): void {
    if (this.#isUnwanted || this.destroyed || this.writableEnded) return;
    this.destroyed = true;
    this.#isUnwanted = true;
    this.#emit('close');
  }

  on(event: 'finish' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: string, listener: Heard): void {
    this.#listeners.push([event, listener]);
  }

  once(event: 'drain' | 'close', listener: () => void): void;
  once(event: 'socket', listener: (socket: AnswerTaker['socket']) => void): void;
  once(event: string, listener: Heard): void {
    this.#listeners.push([event, listener]);
  }

  #add(piece: Uint8Array | string): void {
    this.#size += piece.length;
    if (piece.length === 0 || this.#isUnwanted) return;
    this.#steps.push({ kind: 'chunk', bytes: copyOf(piece) });
  }

  #tell(progress: Progress): void {
    if (this.#isUnwanted) return;
    const isTooLarge = this.#size > MOST_BYTES;
    this.#isUnwanted = this.#onProgress([...this.#steps], isTooLarge ? 'too large' : progress);
    if (this.#isUnwanted) this.#steps = [];
  }

  #emit(event: 'finish' | 'close'): void {
    for (const [name, listener] of this.#listeners) {
      if (name === event) Reflect.apply(listener, null, []);
    }
  }
}
