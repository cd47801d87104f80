import type { HeaderLine, Outcome } from '@calltape/store';

/** A call as far as something can be learned from it. */
export interface LearnedCall {
  readonly id: number;
  /** When it began, milliseconds since the Unix epoch. */
  readonly at: number;
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly template: string;
  /**
   * The absolute URL. The same answer from two URLs is evidence twice, from one URL once; without it
   * only answers that differ count.
   */
  readonly url?: string;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Media type, with or without parameters; empty or null for none. */
  readonly requestContentType: string | null;
  readonly responseContentType: string | null;
  readonly requestHeaders: readonly HeaderLine[];
  readonly responseHeaders: readonly HeaderLine[];
  /**
   * Content without its codings, as text or as UTF-8. Empty: there was none. Null: none, or it was not
   * kept; the header fields tell which.
   */
  readonly requestBody: Uint8Array | string | null;
  readonly responseBody: Uint8Array | string | null;
  readonly outcome: Outcome;
}

/** One of the two messages of a call. */
export interface LearnedMessage {
  readonly contentType: string | null;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array | string | null;
}
