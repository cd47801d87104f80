import type { Endpoint } from './exchange.ts';

/** How often something was seen, of how many times that it could have been. */
export interface FindingCount {
  readonly count: number;
  readonly of: number;
}

/** A call that shows what was found; one of before may be on another tape. */
export interface FindingExample {
  readonly side: 'before' | 'after';
  readonly id: number;
}

/** A change of an API as it stands on a tape; docs/drift.md says what the words mean. */
export interface Finding extends Endpoint {
  /** `request` or `response`. */
  readonly direction: string;
  /** Of the answers; null for requests and for what is not about one status. */
  readonly status: number | null;
  readonly location: string;
  readonly kind: string;
  /** `breaking`, `warning` or `info`. */
  readonly severity: string;
  /** What was there and is there, in words. */
  readonly was: string;
  readonly is: string;
  readonly before: FindingCount;
  readonly after: FindingCount;
  /** That calls show this much though nothing has changed, 0 to 1. */
  readonly chance: number;
  readonly phrase: string;
  /** Milliseconds since the Unix epoch; null when nothing but an absence shows it. */
  readonly firstSeen: number | null;
  readonly examples: readonly FindingExample[];
}

export interface FindingRow extends Finding {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly foundAt: number;
}

/** How many findings of each severity there are. */
export interface FindingCounts {
  readonly breaking: number;
  readonly warning: number;
  readonly info: number;
}
