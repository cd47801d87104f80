import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { HeadScan } from './head-scan.ts';
import { Http2Request } from './http2-request.ts';
import { Http2Response } from './http2-response.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import { http2 } from './node-http.ts';
import { requestFraming } from './request-head.ts';

/** A session without a stream in use for this long is closed, ms; as with HTTP/1.1. */
const IDLE_MS = 75_000;
/** What a client may send before it has to wait, bytes: on one stream, and on all of a session. */
const STREAM_WINDOW = 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;
const MAX_STREAMS = 256;
/** Above this much memory a session takes no new streams, MB. */
const MAX_SESSION_MB = 64;
const MAX_FIELDS = 4000;

/** One request and its response. */
export type OnRequest = (request: Http2Request, response: Http2Response, head: HeadScan) => void;

function ignore(): void {}

function hasLength(rawHeaders: readonly string[]): boolean {
  return rawHeaders.some((text, at) => at % 2 === 0 && text === 'content-length');
}

/** Without a length and an end its content is one of chunks, as HTTP/1.1 would say. */
function headOf(stream: ServerHttp2Stream, { rawHeaders }: Http2Request): HeadScan {
  const isFramed = stream.endAfterHeaders || hasLength(rawHeaders);
  return new HeadScan(isFramed ? rawHeaders : [...rawHeaders, 'Transfer-Encoding', 'chunked']);
}

/**
 * Closes a session that is idle. Node's own timer would be set anew with every frame, which costs
 * more than to begin and end a use.
 */
class SessionUse {
  readonly end = (): void => {
    this.#streams -= 1;
    if (this.#streams === 0) this.#timer.refresh();
  };
  readonly #timer: NodeJS.Timeout;
  #streams = 0;

  constructor(session: ServerHttp2Session) {
    this.#timer = setTimeout(() => {
      if (this.#streams === 0) session.close();
    }, IDLE_MS);
    this.#timer.unref();
    session.on('ping', () => this.#timer.refresh());
    session.once('close', () => clearTimeout(this.#timer));
  }

  begin(): void {
    this.#streams += 1;
  }
}

function serve(
  stream: ServerHttp2Stream,
  request: Http2Request,
  response: Http2Response,
  onRequest: OnRequest,
): void {
  const head = headOf(stream, request);
  // One that has ended with its head is read to the end by its session when the response is out; if it
  // were read before, Node would destroy it while its last bytes are still being written.
  if (!stream.endAfterHeaders && requestFraming(head) === 'none') stream.resume();
  onRequest(request, response, head);
}

/** Serves the HTTP/2 connections of clients. */
export class Http2Sessions {
  readonly #sessions = new Set<ServerHttp2Session>();

  /** Takes a connection on which HTTP/2 has been agreed. */
  take(socket: TLSSocket, onRequest: OnRequest): void {
    const session = http2().performServerHandshake(socket, {
      maxHeaderListPairs: MAX_FIELDS,
      maxSessionMemory: MAX_SESSION_MB,
      strictSingleValueFields: false,
      settings: {
        maxConcurrentStreams: MAX_STREAMS,
        maxHeaderListSize: MAX_HEAD_BYTES,
        initialWindowSize: STREAM_WINDOW,
      },
    });
    session.setLocalWindowSize(SESSION_WINDOW);
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    const use = new SessionUse(session);
    // Whatever is wrong with a connection also ends its streams, and so is told by their calls.
    session.on('error', ignore);
    session.on('stream', (stream, _headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      use.begin();
      stream.on('error', ignore);
      const request = new Http2Request(stream, raw);
      const response = new Http2Response(stream, request.method === 'HEAD');
      response.on('close', use.end);
      serve(stream, request, response, onRequest);
    });
  }

  /** Takes no new requests and closes each session when its last response is out. */
  close(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Breaks off every response. */
  cut(): void {
    for (const session of this.#sessions) session.destroy();
  }

  /** One promise a session, each resolved when that is closed. */
  closings(): Promise<unknown>[] {
    return [...this.#sessions].map(
      (session) => new Promise((resolve) => session.once('close', () => resolve(null))),
    );
  }
}
