import type { Entry, Header, PostDataCommon, Request, Response, Timings } from 'har-format';
import type { Outcome } from './exchange.ts';
import type { MessageKind, WebSocketTotals } from './message.ts';

/**
 * HAR 1.2 with calltape's private fields, which start with `_` as the format asks. They hold what
 * the public fields cannot say, so that a tape survives the way through a HAR unchanged.
 */
export interface HarEntry extends Entry {
  request: HarRequest;
  response: HarResponse;
  timings: HarTimings;
  _outcome: Outcome;
  /** The short name of what went wrong; the sentence is the response's `_error`. */
  _errorType?: string;
  _durationMs: number | null;
  _ttfbMs: number | null;
  _fault?: string;
  _retries?: number;
  /** Only where the address is not a plain IP address, which `serverIPAddress` has to be. */
  _peerAddress?: string;
  _recording: string;
  _resourceType?: 'websocket';
  _webSocketMessages?: HarMessage[];
  _webSocketTotals?: WebSocketTotals;
}

/** A WebSocket message as Chrome writes it, with what that has no place for. */
export interface HarMessage {
  type: 'send' | 'receive';
  /** Seconds since the Unix epoch. */
  time: number;
  opcode: number;
  /** Text of a text message, base64 of any other. */
  data: string;
  /** Milliseconds since the exchange started. */
  _atMs: number;
  _size: number;
  _wireSize: number;
  /** Only where `opcode` does not say it. */
  _kind?: MessageKind;
  /** The payload; only where `data` would lose bytes. */
  _base64?: string;
  _deflated?: true;
  _problem?: string;
}

export interface HarRequest extends Request {
  postData?: PostDataCommon & { text: string };
  /** The body as it was on the wire; only where `postData.text` would lose bytes. */
  _bodyBase64?: string;
  _trailers?: Header[];
}

export interface HarResponse extends Response {
  /** What went wrong, in words, as mitmproxy and browsers write it. */
  _error?: string;
  /** The body as it was on the wire; only where `content.text` would lose bytes. */
  _bodyBase64?: string;
  _trailers?: Header[];
  _interim?: HarInterim[];
  _chunks?: HarChunk[];
}

export interface HarInterim {
  status: number;
  statusText: string;
  headers: Header[];
  /** Milliseconds since the start of the exchange. */
  atMs: number;
}

/** When a piece of the body arrived: milliseconds since the start, and its length in bytes. */
export interface HarChunk {
  t: number;
  len: number;
}

export interface HarTimings extends Timings {
  /** Phases that did not apply although HAR 1.2 allows no -1 for them. */
  _absent?: string[];
}
