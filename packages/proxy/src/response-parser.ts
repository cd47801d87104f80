import type { HttpVersion } from '@calltape/store';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { HeadScan } from './head-scan.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { IN_CHUNKS, responseFraming, TO_THE_END } from './response-framing.ts';
import { SectionReader } from './section-reader.ts';

/** The head of an answer as it came. */
export interface AnswerHead {
  readonly status: number;
  /** The reason phrase; may be empty. */
  readonly statusText: string;
  readonly httpVersion: HttpVersion;
  /** Flat: name, value, name, value, ...; order, letter case and repeats as they came. */
  readonly headers: readonly string[];
  readonly scan: HeadScan;
}

/** Told what an answer consists of, in this order. */
export interface AnswerSink {
  /** A 1xx answer; the final one follows. */
  onInterim(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  /** A view of the bytes that were read, not a copy. */
  onContent(piece: Buffer): void;
  /** @param trailers - Flat, as the headers. */
  onEnd(trailers: string[]): void;
}

type Phase = 'idle' | 'head' | 'sized' | 'chunked' | 'trailers' | 'to-the-end';

function headOf({ statusLine, fields }: SectionReader): AnswerHead {
  const [, minor, status, reason = ''] = statusLine ?? [];
  return {
    status: Number(status),
    statusText: reason,
    httpVersion: minor === '0' ? '1.0' : '1.1',
    headers: fields,
    scan: new HeadScan(fields),
  };
}

/** RFC 9112 section 9.3; framing from before chunks were known is not relied on twice (section 6.1). */
function persists({ httpVersion, scan }: AnswerHead): boolean {
  if (scan.closes) return false;
  return httpVersion === '1.1' || (scan.keepsAlive && scan.codingLines === 0);
}

/**
 * Reads the answers on one connection, one after another: bytes go in, events come out. It does no
 * I/O and is strict: what two readers could take for different answers is refused.
 */
export class ResponseParser {
  readonly #sink: AnswerSink;
  readonly #section: SectionReader = new SectionReader();
  readonly #chunks: ChunkedDecoder;
  #phase: Phase = 'idle';
  #toHead = false;
  #maySwitch = false;
  #left = 0;
  #persistent = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
    this.#chunks = new ChunkedDecoder((piece) => sink.onContent(piece));
  }

  /**
   * Awaits the answer to a request.
   *
   * @param maySwitch - It has asked for another protocol: a 101 is its final answer, and the bytes
   *   behind that are no longer HTTP (RFC 9110 section 15.2.2).
   */
  begin(toHead: boolean, maySwitch = false): void {
    this.#phase = 'head';
    this.#toHead = toHead;
    this.#maySwitch = maySwitch;
    this.#persistent = false;
    this.#section.begin(true);
  }

  /** No answer is awaited: the last one has been read to its end. */
  get idle(): boolean {
    return this.#phase === 'idle';
  }

  /** The last answer lets its connection be used for another one. */
  get persistent(): boolean {
    return this.#persistent;
  }

  /**
   * @returns How many of the bytes belong to the answer that was awaited.
   * @throws MalformedAnswer
   */
  read(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && !this.idle) at = this.#step(bytes, at);
    return at;
  }

  /** The connection has ended. Returns whether the answer was whole or has become so. */
  end(): boolean {
    if (this.#phase === 'to-the-end') this.#end([]);
    return this.#phase === 'idle';
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#phase) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'sized':
        return this.#readSized(bytes, at);
      case 'chunked':
        return this.#readChunks(bytes, at);
      case 'trailers':
        return this.#readTrailers(bytes, at);
      case 'to-the-end':
        this.#sink.onContent(at === 0 ? bytes : bytes.subarray(at));
        return bytes.length;
      case 'idle':
        break;
    }
    return at;
  }

  #readHead(bytes: Buffer, at: number): number {
    const section = this.#section;
    const next = section.read(bytes, at);
    if (!section.complete) return next;
    const head = headOf(section);
    const switches = head.status === 101;
    if (switches && !this.#maySwitch) {
      throw new MalformedAnswer('it switches protocols without being asked');
    }
    if (switches) {
      this.#phase = 'idle';
      this.#sink.onHead(head);
    } else if (head.status < 200) {
      // The limit is one for all heads of an answer, so that interim ones have an end.
      section.begin(true, section.room);
      this.#sink.onInterim(head);
    } else this.#beginContent(head);
    return next;
  }

  #beginContent(head: AnswerHead): void {
    const framing = responseFraming(head.status, this.#toHead, head.scan);
    this.#persistent = framing !== TO_THE_END && persists(head);
    this.#left = framing;
    if (framing === IN_CHUNKS) {
      this.#phase = 'chunked';
      this.#chunks.begin();
    } else this.#phase = framing === TO_THE_END ? 'to-the-end' : 'sized';
    this.#sink.onHead(head);
    if (framing === 0) this.#end([]);
  }

  #readSized(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#left -= to - from;
    this.#sink.onContent(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    if (this.#left === 0) this.#end([]);
    return to;
  }

  #readChunks(bytes: Buffer, at: number): number {
    const next = this.#chunks.read(bytes, at);
    if (this.#chunks.over) {
      this.#phase = 'trailers';
      this.#section.begin(false);
    }
    return next;
  }

  #readTrailers(bytes: Buffer, at: number): number {
    const next = this.#section.read(bytes, at);
    if (this.#section.complete) this.#end(this.#section.fields);
    return next;
  }

  #end(trailers: string[]): void {
    this.#phase = 'idle';
    this.#sink.onEnd(trailers);
  }
}
