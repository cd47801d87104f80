import type { IncomingMessage } from 'node:http';
import type { Outcome } from '@calltape/store';

/**
 * What a call looks like to the mock, whatever door it came through: the part of node:http's
 * `IncomingMessage` and `ServerResponse` that the mock uses, and that others have a stand-in for, such
 * as for HTTP/2.
 */

/** Tells when nothing more can come from the client. */
export interface Channel {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** A request as it comes from the client. */
export interface VisitRequest {
  readonly method?: string | undefined;
  /** The request target. */
  readonly url?: string | undefined;
  /** `1.0`, `1.1` or `2`. */
  readonly httpVersion: string;
  /** Flat: name, value, name, value, ... */
  readonly rawHeaders: readonly string[];
  /** True from the start where there is known to be no content. */
  readonly readableEnded?: boolean;
  /** The connection; only over HTTP/2, where many requests share one, it is something else. */
  readonly socket: Channel;
  on(event: 'data', listener: (piece: Buffer) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The response that the client waits for. */
export interface VisitResponse {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  /** Null until its turn has come on a connection with several requests. */
  readonly socket: { destroySoon(): void } | null;
  sendDate: boolean;
  /** Whether the connection serves further requests; means nothing in HTTP/2. */
  shouldKeepAlive: boolean;
  removeHeader(name: string): void;
  /** Nothing leaves before `flushHeaders`, `write` or `end`. */
  writeHead(status: number, reason: string, fields: string[]): unknown;
  writeInformation(status: number, fields: string[]): unknown;
  flushHeaders(): unknown;
  /** @param taken - Called when the system has taken what was written so far. */
  write(piece: Uint8Array, taken?: () => void): boolean;
  addTrailers(pairs: readonly [string, string][]): void;
  end(piece?: Uint8Array): unknown;
  end(text: string, encoding: 'latin1'): unknown;
  /** Breaks it off: over HTTP/2 with RST_STREAM, else with the connection. */
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Takes the answer of the real API in the place of the client, for the mock to alter. */
export interface AnswerTaker {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly socket: { destroySoon(): void };
  /** Whether it can carry trailers. */
  chunkedEncoding: boolean;
  sendDate: boolean;
  shouldKeepAlive: boolean;
  removeHeader(name: string): void;
  writeHead(status: number, reason: string, fields: readonly string[]): void;
  flushHeaders(): void;
  writeContinue(): void;
  writeInformation(status: number, fields: readonly string[]): void;
  write(piece: Uint8Array | string, taken?: 'latin1' | (() => void)): boolean;
  addTrailers(pairs: readonly [string, string][]): void;
  end(piece?: Uint8Array | string): void;
  destroy(): void;
  on(event: 'finish' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  once(event: 'drain' | 'close', listener: () => void): void;
  once(event: 'socket', listener: (socket: AnswerTaker['socket']) => void): void;
}

/** What became of a call that was passed on. */
export interface PassedEnd {
  /** That of the real API's answer; null without one. */
  readonly status: number | null;
  readonly outcome: Outcome;
}

/** What becomes of the answer to a call that is passed on. */
export interface PassedTo {
  /** Null lets the client have it as it comes. */
  readonly response: AnswerTaker | null;
  /** Told when the call is over. */
  readonly onEnd: ((end: PassedEnd) => void) | null;
}

/** A call that has come in through a door. */
export interface Visit {
  readonly request: VisitRequest;
  readonly response: VisitResponse;
  /** It came over TLS. */
  readonly secure: boolean;
  /**
   * The origin that the client believes to talk to, by its CONNECT or by the host that it named in TLS;
   * null where it talks to the mock, or says in its request target who else it means.
   */
  readonly origin: string | null;
  /**
   * Passes the call on to the real API, which gives the answer from there on; null where it may not be.
   *
   * @param headers - The fields to send, flat.
   * @param content - The content of the request, which has been read.
   */
  readonly passOn: ((headers: readonly string[], content: Uint8Array, to: PassedTo) => void) | null;
}

/** A request to open a WebSocket that has come in through a door; HTTP/1.1 alone has it. */
export interface Opening {
  readonly request: IncomingMessage;
  /** What came behind it on its connection. */
  readonly behind: Buffer;
  readonly secure: Visit['secure'];
  readonly origin: Visit['origin'];
  /** Has the real API answer, to which the connection belongs from there on; null where it may not. */
  readonly passOn: (() => void) | null;
}
