import { ResponseParser } from '../src/response-parser.ts';
import type { AnswerHead, AnswerSink } from '../src/response-parser.ts';

interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly headers: readonly string[];
}

/** What a connection's bytes come to, however they were cut. */
export interface Answers {
  readonly heads: Head[];
  readonly content: string;
  readonly trailers: readonly string[] | null;
  /** Bytes behind the answer. */
  readonly left: number;
  /** Whether its connection may be used again. */
  readonly persistent: boolean;
  readonly error: string | null;
}

class Collector implements AnswerSink {
  readonly heads: Head[] = [];
  content = '';
  trailers: readonly string[] | null = null;

  onInterim({ status, statusText, httpVersion, headers }: AnswerHead): void {
    this.heads.push({ status, statusText, httpVersion, headers });
  }

  onHead(head: AnswerHead): void {
    this.onInterim(head);
  }

  onContent(piece: Buffer): void {
    this.content += piece.toString('latin1');
  }

  onEnd(trailers: string[]): void {
    this.trailers = trailers;
  }
}

/** Bytes of a text with one character a byte. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/**
 * Reads one answer.
 *
 * @param pieces - What came, in the pieces it came in.
 * @param ends - The connection ends behind them.
 */
export function read(pieces: readonly Buffer[], toHead = false, ends = false): Answers {
  const sink = new Collector();
  const parser = new ResponseParser(sink);
  parser.begin(toHead);
  let left = 0;
  let error: string | null = null;
  try {
    for (const piece of pieces) left += piece.length - parser.read(piece);
    if (ends && !parser.idle) parser.end();
  } catch (caught) {
    error = caught instanceof Error ? caught.message : String(caught);
  }
  const { heads, content, trailers } = sink;
  return { heads, content, trailers, left, persistent: parser.persistent, error };
}
