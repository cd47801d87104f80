import type { Endpoint } from '@calltape/store';
import type { Example } from './sightings.ts';

/** What can have changed, in the order of docs/drift.md. */
export const DRIFT_KINDS = [
  'field-removed',
  'field-added',
  'became-optional',
  'became-required',
  'nullable-added',
  'nullable-removed',
  'type-changed',
  'format-changed',
  'enum-value-added',
  'enum-value-removed',
  'variant-added',
  'body-became-empty',
  'status-added',
  'status-removed',
  'content-type-changed',
  'header-added',
  'header-removed',
  'endpoint-added',
  'endpoint-removed',
] as const;

export type DriftKind = (typeof DRIFT_KINDS)[number];

/** `breaking`: a client that worked may fail. `warning`: one that is not careful may. `info`: neither. */
export type Severity = 'breaking' | 'warning' | 'info';

export type Direction = 'request' | 'response';

/** An event: seen so often, in so many bodies or calls that could have shown it. */
export interface Evidence {
  readonly count: number;
  readonly of: number;
}

/** Where something changed. */
export interface DriftPlace {
  readonly endpoint: Endpoint;
  readonly direction: Direction;
  /** The status of the answers; null for requests and for what is not about one status. */
  readonly status: number | null;
  /**
   * A JSON Pointer in which `*` stands for every item or every key of a map, `header:NAME`,
   * `status:CODE`, `content-type`, or empty for the body or the endpoint as a whole.
   */
  readonly location: string;
}

/** One change of an API, as its calls show it. */
export interface Drift extends DriftPlace {
  readonly kind: DriftKind;
  readonly severity: Severity;
  /** What was there and is there, in words: types, formats, values. */
  readonly was: string;
  readonly is: string;
  /** How often the event that tells it was seen before. */
  readonly before: Evidence;
  readonly after: Evidence;
  /** That calls show this much though nothing has changed, 0 to 1. */
  readonly chance: number;
  /** `1 in 4 000 by chance`. */
  readonly chancePhrase: string;
  /** When it was first seen, ISO 8601; null when nothing but an absence shows it. */
  readonly firstSeen: string | null;
  readonly examplesBefore: readonly Example[];
  readonly examplesAfter: readonly Example[];
}

/** What looks like a change, and may well be chance: 1 in 12. */
export type DriftNote = Drift;
