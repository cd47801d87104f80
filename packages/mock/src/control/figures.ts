import type { RuleState } from '../faults-in-force.ts';
import type { CountedMiss } from '../misses.ts';
import type { UnusedPattern, UnusedRecording } from '../mock-summary.ts';
import type { FaultProfile } from '../profiles.ts';

/** What `GET /health` says. */
export interface MockHealth {
  /** Of calltape; null where whoever started the mock did not say. */
  readonly version: string | null;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly tapes: readonly string[];
  readonly recordings: number;
  readonly seed: number;
  readonly counts: {
    readonly answered: number;
    readonly lenient: number;
    readonly missed: number;
    readonly passed: number;
    readonly faulted: number;
  };
}

/** What `GET /faults` says. */
export interface FaultList {
  readonly seed: number;
  readonly profile: FaultProfile | null;
  /** In the order in which they strike. */
  readonly rules: readonly RuleState[];
}

/** What `GET /misses` says. */
export interface MissList {
  readonly missed: number;
  /** The first hundred different ones. */
  readonly misses: readonly CountedMiss[];
}

/** What `GET /unused` says. */
export interface UnusedList {
  /** How many there are. */
  readonly total: number;
  /** The first thousand. */
  readonly unused: readonly UnusedRecording[];
  /** How many mappings of WireMock and operations of OpenAPI there are. */
  readonly totalPatterns: number;
  /** The first thousand of those. */
  readonly unusedPatterns: readonly UnusedPattern[];
}

/** What can be set back. */
export const RESETTABLE = ['sequences', 'faults', 'misses', 'journal'] as const;
export type Resettable = (typeof RESETTABLE)[number];

/** What `POST /reset` says. */
export interface ResetDone {
  readonly reset: readonly Resettable[];
}
