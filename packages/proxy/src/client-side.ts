import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { HttpVersion } from '@calltape/store';

/**
 * What answering a call needs of the client's side, whatever version of HTTP it speaks: the part of
 * node:http's `IncomingMessage` and `ServerResponse` that is used here, and that HTTP/2 has a
 * stand-in for.
 */

/** Tells when nothing more can come from the client. */
export interface ClientChannel {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** A request as it comes from the client. */
export interface IncomingRequest {
  readonly method?: string | undefined;
  /** The request target. */
  readonly url?: string | undefined;
  /** `1.0`, `1.1`, `2`, or what else the client claims. */
  readonly httpVersion: string;
  readonly headers: { readonly host?: string | undefined };
  /** Flat: name, value, name, value, ... */
  readonly rawHeaders: readonly string[];
  /** Complete when the content has ended. */
  readonly rawTrailers: readonly string[];
  readonly socket: ClientChannel;
  isPaused(): boolean;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
  on(event: 'data', listener: (piece: Buffer) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What carries a response, as far as breaking it off goes. */
export interface ResponseChannel {
  /** Closes once what has been written is out. */
  destroySoon(): void;
}

/** The response that a client waits for. */
export interface ClientResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  /** What was written is out, the end included. */
  readonly writableFinished: boolean;
  /** Null until its turn has come on a connection with several requests. */
  readonly socket: ResponseChannel | null;
  /** Whether it can carry trailers. */
  chunkedEncoding: boolean;
  sendDate: boolean;
  /** Whether the connection serves further requests; means nothing in HTTP/2. */
  shouldKeepAlive: boolean;
  removeHeader(name: string): void;
  /** Nothing leaves before `flushHeaders`, `write` or `end`. */
  writeHead(status: number, reason: string, fields: string[]): unknown;
  flushHeaders(): unknown;
  writeContinue(): void;
  writeInformation(status: number, fields: string[]): unknown;
  /**
   * @param taken - Called when the system has taken what was written so far.
   * @returns false when the client takes no more for now, until `drain`.
   */
  write(piece: Uint8Array, taken?: () => void): boolean;
  write(text: string, encoding: 'latin1'): boolean;
  addTrailers(pairs: readonly [string, string][]): void;
  end(piece?: Uint8Array | string): unknown;
  end(text: string, encoding: 'latin1'): unknown;
  destroy(): unknown;
  on(event: 'finish' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  once(event: 'socket', listener: (socket: ResponseChannel) => void): unknown;
}

/** The version on the tape. */
export function versionOf({ httpVersion }: IncomingRequest): HttpVersion {
  return httpVersion === '1.0' || httpVersion === '2' ? httpVersion : '1.1';
}

/** Whether the client speaks TLS with us. */
export function isSecure({ socket }: IncomingRequest): boolean {
  // Only TLS agrees on HTTP/2, where a request has a stream and not a socket.
  return socket instanceof TLSSocket || !(socket instanceof Socket);
}
