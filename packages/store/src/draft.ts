import type { HttpVersion, Outcome } from './exchange.ts';

/** A flat list name, value, name, value, ... as in `http.IncomingMessage.rawHeaders`. */
export type FlatHeaders = readonly string[];

/** A body as pieces, none of them copied yet. */
export interface DraftBody {
  /** The kept pieces, in order; together at most the body limit. */
  pieces: Uint8Array[];
  /** Length on the wire in bytes, kept or not. */
  size: number;
  /** SHA-256 of the whole content; needed only where `pieces` hold less than `size`. */
  hash: Uint8Array | null;
  /** Nothing of it could be kept: the disk did not keep up, or took no more. */
  dropped?: boolean;
  /**
   * The memory of `pieces` holds nothing else, and whoever hands the call over needs it no more: at
   * its end that memory goes to the writer as it is, without being copied.
   */
  movable?: boolean;
  /** What the writer calls the part in front of `pieces` that it has put aside; 0 for none. */
  spilled?: number;
}

export interface DraftInterim {
  status: number;
  statusText: string;
  headers: FlatHeaders;
  atMs: number;
}

export interface DraftResponse {
  status: number;
  statusText: string;
  httpVersion: HttpVersion;
  headers: FlatHeaders;
  body: DraftBody;
  trailers: FlatHeaders;
  interim: DraftInterim[];
  /** Flat: milliseconds since the start, size, milliseconds, size, ... */
  chunks: number[];
}

/** Marks in milliseconds; null where a phase did not apply. */
export interface DraftTimings {
  blocked: number | null;
  dns: number | null;
  connect: number | null;
  ssl: number | null;
  send: number | null;
  wait: number | null;
  receive: number | null;
}

/**
 * Says of the two parts of a call that earlier calls had the same, byte for byte. Each part has a number
 * of `nextRepeat` that stands for its content; 0 says nothing.
 */
export interface Repeats {
  /** Method, URL, version, head and content of the request. */
  readonly request: number;
  /** Status, reason phrase, version, head and content of the answer. */
  readonly answer: number;
}

/**
 * A call in the shape the network gives it: what a recorder fills while the call runs and hands to
 * the writer. Kept apart from `Exchange` so that the hot path copies each byte once and parses
 * nothing.
 */
export interface CallDraft {
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
  method: string;
  /** Absolute target URI. */
  url: string;
  /** The path template of its endpoint, where that is known from elsewhere than the look of its URL. */
  template?: string;
  httpVersion: HttpVersion;
  headers: FlatHeaders;
  body: DraftBody;
  trailers: FlatHeaders;
  response: DraftResponse | null;
  outcome: Outcome;
  errorType: string | null;
  errorMessage: string | null;
  timings: DraftTimings;
  durationMs: number | null;
  ttfbMs: number | null;
  peerAddress: string | null;
  fault: string | null;
  /** How often it was sent again because a kept connection turned out to be closed. */
  retries: number;
  /** Where the writer keeps it while it is under way; -1 for nowhere. */
  slot: number;
  /** What of it earlier calls had the same, where that is known. */
  repeats: Repeats | null;
}

function emptyBody(): DraftBody {
  return { pieces: [], size: 0, hash: null };
}

/** A call that starts now, with nothing known but where it goes. */
export function newDraft(method: string, url: string): CallDraft {
  return {
    startedAt: Date.now(),
    method,
    url,
    httpVersion: '1.1',
    headers: [],
    body: emptyBody(),
    trailers: [],
    response: null,
    outcome: 'pending',
    errorType: null,
    errorMessage: null,
    timings: {
      blocked: null,
      dns: null,
      connect: null,
      ssl: null,
      send: null,
      wait: null,
      receive: null,
    },
    durationMs: null,
    ttfbMs: null,
    peerAddress: null,
    fault: null,
    retries: 0,
    slot: -1,
    repeats: null,
  };
}
