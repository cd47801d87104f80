import type { DescribedPattern } from './described.ts';
import type { Learned } from './learned-requests.ts';
import type { CountedMiss } from './misses.ts';
import type { Player, PlayerCounts } from './player.ts';
import type { Recording } from './recording.ts';

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

/** What has come of the calls of one thread. */
export interface PlayState {
  readonly players: readonly {
    readonly counts: PlayerCounts;
    readonly misses: readonly CountedMiss[];
  }[];
  /** Recordings that clients got whole, by their places among all. */
  readonly used: readonly number[];
  readonly learned: readonly Learned[];
  readonly differingMessages: number;
}

function uniqueLearned(learned: readonly Learned[]): readonly Learned[] {
  return [...new Map(learned.map((one) => [JSON.stringify(one), one])).values()];
}

function unusedOf(recordings: readonly Recording[]): readonly UnusedRecording[] {
  return recordings
    .filter(({ used }) => !used)
    .map(({ tape, id, method, exchange: { request } }) => ({ tape, id, method, url: request.url }));
}

/**
 * What has come of all calls.
 *
 * @param states - Of each thread.
 */
export function summaryOf(
  players: readonly Player[],
  recordings: readonly Recording[],
  states: readonly PlayState[],
  unusedPatterns: readonly DescribedPattern[],
): MockSummary {
  const total = (name: keyof PlayerCounts): number =>
    players.reduce((sum, { counts }) => sum + counts[name], 0);
  return {
    answered: total('answered'),
    lenient: total('lenient'),
    missed: total('missed'),
    passed: total('passed'),
    faulted: total('faulted'),
    misses: players.flatMap(({ misses }) => misses.all()),
    differingMessages: states.reduce((sum, one) => sum + one.differingMessages, 0),
    unused: unusedOf(recordings),
    unusedPatterns,
    learned: uniqueLearned(states.flatMap(({ learned }) => learned)),
  };
}
