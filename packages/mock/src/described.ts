import type { Call } from './call.ts';
import type { LatencyMode } from './latency-mode.ts';
import type { RepeatMode } from './sequence.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { Plan } from './step.ts';

/** Requests that a description has answers for: a mapping of WireMock, an operation of OpenAPI. */
export interface DescribedPattern {
  /** The file, as it was given. */
  readonly source: string;
  /** Which one of it: a name, or the JSON Pointer of its place. */
  readonly name: string;
  /** `ANY` for all. */
  readonly method: string;
  /** What its URLs look like. */
  readonly url: string;
  /** Whether a client got an answer of it whole. */
  used: boolean;
}

/** What of a mock's options descriptions have to know. */
export interface DescriptionOptions {
  readonly seed: number;
  readonly latency: LatencyMode;
  readonly repeat: RepeatMode;
}

export const PATH_DISTANCE = 4;
export const METHOD_DISTANCE = 3;

/** The nearest of what was looked at. */
export function nearest(patterns: readonly NearPattern[]): readonly NearPattern[] {
  return patterns.toSorted((a, b) => a.distance - b.distance).slice(0, MOST_NEAR);
}

const MOST_NEAR = 3;

/** An answer that a description has for a call. */
export interface Described {
  readonly pattern: DescribedPattern;
  /** Made when it is asked for, by what has been given until then. */
  readonly plan: () => Plan;
  /** The origin that the client means; null where the description names none. */
  readonly origin: string | null;
  /** Notes that the client gets it whole: whatever counts answers counts on. */
  readonly given: () => void;
}

/** A pattern that nearly fitted a call. */
export interface NearPattern {
  readonly pattern: DescribedPattern;
  /** In what the call does not fit it, such as `header accept does not fit`. */
  readonly differs: readonly string[];
  /** The larger, the farther: a path counts more than a method, and that more than a value. */
  readonly distance: number;
}

/**
 * Something that answers calls without having recorded them. It is asked after the recordings.
 */
export interface Description {
  readonly patterns: readonly DescribedPattern[];
  /** Names what is to be left alone from the finding of an answer until it is given; null for nothing. */
  readonly lock: string | null;
  /**
   * From here on counts what other threads count too.
   *
   * @param at - Which of the descriptions it is, the same in every thread.
   */
  readonly share: (counts: SharedCounts, at: number) => void;
  readonly find: (call: Call) => Described | undefined;
  /** How far each pattern is from a call, the nearest first; a few of them. */
  readonly near: (call: Call) => readonly NearPattern[];
  /** Forgets what was given, and with it the states and turns that answers depend on. */
  readonly reset: () => void;
}
