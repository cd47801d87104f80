import type { FlatHeaders } from '@calltape/store';

/**
 * How a client finds the end of a response's content (RFC 9112 section 6.3). `none`: there is no
 * content, whatever the fields say (HEAD, 204, 304).
 */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

/** Nothing happens for `ms` milliseconds. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly ms: number;
}

/** A 1xx response in front of the final one. */
export interface InterimStep {
  readonly kind: 'interim';
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
}

export interface HeadStep {
  readonly kind: 'head';
  readonly status: number;
  readonly statusText: string;
  /** Every field that is sent, framing included, in order and letter case. */
  readonly headers: FlatHeaders;
  readonly framing: Framing;
}

/** Content; under `chunked` framing each step is one chunk on the wire. */
export interface ChunkStep {
  readonly kind: 'chunk';
  readonly bytes: Uint8Array;
}

export interface EndStep {
  readonly kind: 'end';
  readonly trailers: FlatHeaders;
}

/** The connection ends with FIN, whatever the response still owes. */
export interface CloseStep {
  readonly kind: 'close';
}

/** The connection ends with RST. */
export interface ResetStep {
  readonly kind: 'reset';
}

/**
 * Bytes that are no HTTP message or part of one, past all framing. The connection cannot be used
 * after them: a plan that has some ends with `close`, `reset` or `hang`.
 */
export interface RawStep {
  readonly kind: 'raw';
  readonly bytes: Uint8Array;
}

/** The real API gives the rest of the answer; nothing follows. */
export interface PassStep {
  readonly kind: 'pass';
}

/** Nothing more comes until the client leaves. */
export interface HangStep {
  readonly kind: 'hang';
}

/** One thing that a mock does on the wire: data, not behaviour. */
export type Step =
  | WaitStep
  | InterimStep
  | HeadStep
  | ChunkStep
  | RawStep
  | EndStep
  | CloseStep
  | ResetStep
  | HangStep
  | PassStep;

/** What a mock will put on the wire for one request. A fault maps a Plan to a Plan. */
export type Plan = readonly Step[];
