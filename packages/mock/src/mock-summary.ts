import type { Learned } from './learned-requests.ts';
import type { CountedMiss } from './misses.ts';

/** A mapping of WireMock or an operation of OpenAPI that no client got an answer of. */
export interface UnusedPattern {
  readonly source: string;
  readonly name: string;
  readonly method: string;
  readonly url: string;
}

/** A recording that no client got whole. */
export interface UnusedRecording {
  readonly tape: string;
  readonly id: number;
  readonly method: string;
  readonly url: string;
}

export interface MockSummary {
  /** Calls that a recording or a description was found for, faulted ones included. */
  readonly answered: number;
  /** Those of them that a recording of another request of the endpoint was played for. */
  readonly lenient: number;
  /** Calls that no recording was found for, faulted ones included. */
  readonly missed: number;
  /** Calls that were for the real API to answer, faulted ones included. */
  readonly passed: number;
  /** Calls whose answer a fault rule altered. */
  readonly faulted: number;
  /** The first hundred different ones. */
  readonly misses: readonly CountedMiss[];
  /** WebSocket messages of clients that were not what was recorded. */
  readonly differingMessages: number;
  readonly unused: readonly UnusedRecording[];
  readonly unusedPatterns: readonly UnusedPattern[];
  /** What was taken for new in each request, where requests made that a question. */
  readonly learned: readonly Learned[];
}
