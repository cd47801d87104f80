import type { CallRow, Endpoint } from '@calltape/store';
import type { Slice } from './verdict.ts';

/** One percentile of the durations. */
export interface Percentile {
  /** Milliseconds; null when there is no duration at all. */
  readonly ms: number | null;
  /** With so few calls the number is little more than the slowest of them. */
  readonly tooFew: boolean;
}

/** Exact percentiles over calls with a whole answer. */
export interface Latency {
  /** How many durations these percentiles are of. */
  readonly n: number;
  readonly p50: Percentile;
  /** Marked as too few below 20 durations. */
  readonly p95: Percentile;
  /** Marked as too few below 100 durations. */
  readonly p99: Percentile;
}

/** Rate, errors and duration of some set of calls in the window. */
export interface Figures {
  /** Calls that ended in the window, and those still under way. */
  readonly calls: number;
  /** Calls that ended, per second of the window that the tape covers. */
  readonly perSecond: number;
  /** 5xx and calls without a whole answer; see `verdictOf`. */
  readonly errors: number;
  /** `errors` as a share, 0 to 1, of the calls that ended; null when none did. */
  readonly errorShare: number | null;
  /** 4xx other than 429. */
  readonly clientErrors: number;
  /** 429. */
  readonly rateLimited: number;
  /** Calls whose client left first. */
  readonly aborted: number;
  readonly inFlight: number;
  /** Milliseconds since the oldest call under way began; null when there is none. */
  readonly oldestInFlightMs: number | null;
  readonly latency: Latency;
}

/** The window cut into equal pieces of time, oldest first. */
export interface Trend {
  /** Length of a piece, milliseconds. */
  readonly bucketMs: number;
  /** Calls that ended in each piece. */
  readonly calls: readonly number[];
  readonly errors: readonly number[];
  /** Milliseconds; null where no call ended, which is not the same as fast. */
  readonly p95Ms: readonly (number | null)[];
}

/** The figures of one endpoint; `latency` and the trend's durations are of its subject alone. */
export interface EndpointFigures extends Figures {
  readonly endpoint: Endpoint;
  /** As for all calls: live if the endpoint has any such call, else mock, else injected. */
  readonly subject: Slice;
  /** How many of the calls a fault rule altered. */
  readonly injected: number;
  /** Milliseconds spent in its calls, all together. */
  readonly totalMs: number;
  readonly trend: Trend;
}

/** How often something was seen. */
export interface Reason {
  /** An error type such as `ECONNREFUSED`, or a status. */
  readonly reason: string;
  readonly calls: number;
  readonly injected: number;
}

/** What one fault rule did; a call that two rules altered counts for both. */
export interface FaultFigures {
  readonly rule: string;
  readonly calls: number;
  readonly errors: number;
}

/** The health of a window of calls. */
export interface Health {
  /** Milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How much of the window the tape covers, milliseconds; rates are over this. */
  readonly coveredMs: number;
  readonly all: Figures;
  readonly live: Figures;
  readonly mock: Figures;
  readonly injected: Figures;
  /** The slice whose durations speak for the API: live if there is any, else mock, else injected. */
  readonly subject: Slice;
  /** Calls and errors of all, durations of the subject. */
  readonly trend: Trend;
  /** Most calls first. */
  readonly endpoints: readonly EndpointFigures[];
  /** Why calls count as errors, most frequent first. */
  readonly reasons: readonly Reason[];
  /** Fault rules seen at work, busiest first. */
  readonly faults: readonly FaultFigures[];
  readonly oldestInFlight: CallRow | null;
}
