import type { WebSocketTotals } from './message.ts';

/** One field line, in the order and letter case it arrived in. Duplicates stay. */
export type HeaderLine = readonly [name: string, value: string];

export type HttpVersion = '1.0' | '1.1' | '2';

/** RFC 9110 "content": message framing removed, content coding (gzip, br, ...) still on. */
export interface Body {
  /** What the tape keeps: the whole content, or its first bytes when it was cut by the body limit. */
  readonly bytes: Uint8Array;
  /** Length on the wire in bytes; larger than `bytes.length` when the limit cut the stored copy. */
  readonly size: number;
  /**
   * Length on the wire where it is not `size`: compressed content in which a secret was replaced was
   * compressed again, and `size` is the length of that.
   */
  readonly wireSize?: number;
  /** Why the tape has less than came, where it is not for the body limit. */
  readonly omitted?: string;
}

/** When a piece of a streamed body arrived. */
export interface ChunkArrival {
  /** Milliseconds since the exchange started. */
  readonly atMs: number;
  /** Length of the piece in bytes. */
  readonly size: number;
}

/** A 1xx response that came before the final one (RFC 9110 section 15.2). */
export interface InterimResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
  /** Milliseconds since the exchange started. */
  readonly atMs: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** Absolute target URI, without fragment; the path and query are those on the wire, verbatim. */
  readonly url: string;
  readonly httpVersion: HttpVersion;
  readonly headers: readonly HeaderLine[];
  readonly body: Body;
  readonly trailers: readonly HeaderLine[];
}

export interface RecordedResponse {
  readonly status: number;
  /** The reason phrase as it was on the wire; may be empty. */
  readonly statusText: string;
  readonly httpVersion: HttpVersion;
  readonly headers: readonly HeaderLine[];
  readonly body: Body;
  readonly trailers: readonly HeaderLine[];
  readonly interim: readonly InterimResponse[];
  /** Arrival of each piece of a chunked or event-stream body; empty for other bodies. */
  readonly chunks: readonly ChunkArrival[];
}

/**
 * What came of a request. `complete`: a whole answer. `aborted`: the client left. `truncated`: the
 * upstream cut its answer. `error`: no answer at all. `interrupted`: the recorder died first.
 * `pending`: still under way.
 */
export type Outcome = 'complete' | 'aborted' | 'truncated' | 'error' | 'interrupted' | 'pending';

/** How a call came onto the tape. */
export type Source = 'proxy' | 'mock' | 'har' | 'nock' | 'openapi';

/**
 * Milliseconds, HAR 1.2 names; null where a phase did not apply (a reused socket has no `dns`,
 * `connect` or `ssl`). As in HAR, `connect` includes `ssl`.
 */
export interface Timings {
  readonly blocked: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly ssl: number | null;
  readonly send: number | null;
  readonly wait: number | null;
  readonly receive: number | null;
}

/** Why a call has no whole answer. */
export interface CallError {
  /** A stable short name: a Node error code such as `ECONNREFUSED`, or one of calltape's own. */
  readonly type: string;
  readonly message: string;
}

/** One request and what came of it. */
export interface Exchange {
  readonly id: number;
  readonly recording: string;
  readonly source: Source;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly endpoint: Endpoint;
  readonly request: RecordedRequest;
  /** Present from the moment a response head was seen, also when the rest never came. */
  readonly response: RecordedResponse | null;
  readonly outcome: Outcome;
  readonly error: CallError | null;
  readonly timings: Timings;
  /** From the first byte of the request to the end of the exchange, milliseconds. */
  readonly durationMs: number | null;
  /** From the start of the exchange to the response head, milliseconds. */
  readonly ttfbMs: number | null;
  /** The address connected to, after DNS. */
  readonly peerAddress: string | null;
  /** The fault rule that altered this answer, as the user wrote it; null for a natural one. */
  readonly fault: string | null;
  /**
   * How often the request was sent again because a kept connection turned out to be closed; the
   * client knows nothing of it.
   */
  readonly retries: number;
  /** How much went over the WebSocket that the call became; absent for any other call. */
  readonly websocket?: WebSocketTotals;
  /** Whose bodies the recorder gave up, when the disk did not keep up or took no more. */
  readonly dropped?: 'request' | 'response' | 'both';
}

/** A kind of call: `GET https://api.stripe.com /v1/customers/{customer}`. */
export interface Endpoint {
  readonly method: string;
  /** Scheme, host and port, as in `URL.origin`. */
  readonly origin: string;
  readonly template: string;
}

/** One named run of a recorder on a tape. */
export interface Recording {
  readonly id: number;
  readonly name: string;
  readonly source: Source;
  /** The origin recorded, when there was a single one. */
  readonly upstream: string | null;
  /** Where the recorder or mock accepted connections. */
  readonly listen: string | null;
  /** The command line whose calls it holds, secrets replaced; null for other recordings. */
  readonly command: string | null;
  readonly pid: number | null;
  /** Host name of the machine whose process `pid` is. */
  readonly machine: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** The user's own redaction rules; null when nothing was redacted, or nobody knows. */
  readonly redaction: readonly string[] | null;
  /** Calls that could not be written (disk failure, overflow). */
  readonly lostCalls: number;
  /** Bodies that could not be kept though their calls were. */
  readonly droppedBodies: number;
}
