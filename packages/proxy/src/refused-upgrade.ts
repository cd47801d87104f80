import type { Socket } from 'node:net';
import type { TapeWriter } from '@calltape/store';
import { answerText, chunkOf, lastChunk } from './answer-text.ts';
import type { Capture } from './capture.ts';
import { lastWords } from './last-words.ts';
import { responseHead } from './response-head.ts';
import type { AnswerHead } from './response-parser.ts';
import { passedTrailers } from './trailers.ts';

const NOTHING = Buffer.alloc(0);

/** Where the answer comes from. */
export interface Flow {
  pause(): void;
  resume(): void;
}

function isChunked(fields: readonly string[]): boolean {
  return fields.some((text, at) => at % 2 === 0 && text.toLowerCase() === 'transfer-encoding');
}

/** An ordinary answer to a handshake, passed on with its content; the connection closes behind it. */
export class RefusedUpgrade {
  readonly #client: Socket;
  readonly #capture: Capture;
  readonly #now: () => number;
  readonly #writer: TapeWriter;
  readonly #from: Flow;
  #chunked = false;
  #framed = true;

  constructor(client: Socket, capture: Capture, now: () => number, writer: TapeWriter, from: Flow) {
    this.#client = client;
    this.#capture = capture;
    this.#now = now;
    this.#writer = writer;
    this.#from = from;
  }

  begin(head: AnswerHead, moved: (fields: string[]) => string[]): void {
    const { status, statusText, scan } = head;
    const context = { status, toHead: false, chunkedAllowed: true };
    const { fields, streams } = responseHead(scan, context);
    this.#capture.responseHead(head, streams, this.#now());
    this.#chunked = isChunked(fields);
    this.#framed = this.#chunked || scan.lengthAt !== -1;
    const all = [...moved(fields), 'Connection', 'close'];
    this.#client.write(answerText(status, statusText, all), 'latin1');
  }

  onContent(piece: Buffer): void {
    const client = this.#client;
    const resume = (): void => this.#from.resume();
    this.#capture.responsePiece(piece, this.#capture.streams ? this.#now() : 0);
    if (!client.writable) return;
    if (!client.write(this.#chunked ? chunkOf(piece) : piece)) {
      this.#from.pause();
      client.once('drain', () => this.#writer.onceDrained(resume));
    } else if (this.#writer.full) {
      this.#from.pause();
      this.#writer.onceDrained(resume);
    }
  }

  /** @param flushed - Called when the client's connection has taken all of it. */
  onEnd(trailers: string[], flushed: () => void): void {
    this.#capture.responseEnd(trailers, this.#now());
    this.#client.once('finish', flushed);
    lastWords(this.#client, this.#chunked ? lastChunk(passedTrailers(trailers)) : NOTHING);
  }

  /** The rest does not come. */
  cut(): void {
    const client = this.#client;
    if (this.#framed) client.destroySoon();
    else client.write('', () => client.destroy());
  }
}
