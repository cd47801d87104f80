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
  readonly passOn: ((headers: readonly string[], content: Uint8Array) => void) | null;
}
