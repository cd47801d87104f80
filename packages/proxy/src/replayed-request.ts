import { Readable } from 'node:stream';
import type { ClientChannel, IncomingRequest } from './client-side.ts';

/** A request whose content has been read by somebody, to be read again from the beginning. */
export class ReplayedRequest implements IncomingRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly httpVersion: string;
  readonly headers: IncomingRequest['headers'];
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly socket: ClientChannel;
  readonly #content: Readable;
  readonly #original: IncomingRequest;

  constructor(original: IncomingRequest, rawHeaders: readonly string[], content: Uint8Array) {
    this.method = original.method;
    this.url = original.url;
    this.httpVersion = original.httpVersion;
    this.headers = original.headers;
    this.rawHeaders = rawHeaders;
    this.rawTrailers = original.rawTrailers;
    this.socket = original.socket;
    this.#content = Readable.from(content.length === 0 ? [] : [Buffer.from(content)]);
    this.#original = original;
  }

  isPaused(): boolean {
    return this.#content.isPaused();
  }

  pause(): void {
    this.#content.pause();
  }

  resume(): void {
    this.#content.resume();
  }

  destroy(): void {
    this.#content.destroy();
    this.#original.destroy();
  }

  on(event: 'data', listener: (piece: Buffer) => void): void;
  on(event: 'end' | 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(
    event: string,
    listener: (() => void) | ((piece: Buffer) => void) | ((error: Error) => void),
  ): void {
    this.#content.on(event, listener);
  }
}
