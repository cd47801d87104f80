import type { RuleCounts } from './faults-in-force.ts';
import type { JournalNews } from './journal.ts';
import type { Learned } from './learned-requests.ts';
import { Misses } from './misses.ts';
import type { CountedMiss } from './misses.ts';
import type { PlayerCounts } from './player.ts';

/** What has come of the calls of one thread. */
export interface PlayState {
  readonly players: readonly {
    readonly counts: PlayerCounts;
    readonly misses: readonly CountedMiss[];
  }[];
  /** Recordings that clients got whole, by their places among all. */
  readonly used: readonly number[];
  /** Patterns of descriptions likewise. */
  readonly usedPatterns: readonly number[];
  readonly learned: readonly Learned[];
  readonly differingMessages: number;
  readonly rules: readonly RuleCounts[];
  /** Null where there is no journal. */
  readonly journal: JournalNews | null;
}

/** The same of several threads together. */
export interface PlayTotal {
  readonly counts: PlayerCounts;
  readonly misses: readonly CountedMiss[];
  readonly used: ReadonlySet<number>;
  readonly usedPatterns: ReadonlySet<number>;
  readonly learned: readonly Learned[];
  readonly differingMessages: number;
}

function sumOf(states: readonly PlayState[], name: keyof PlayerCounts): number {
  const all = states.flatMap(({ players }) => players);
  return all.reduce((sum, { counts }) => sum + counts[name], 0);
}

/** What all threads missed in the calls of one kind, those of the first of them first. */
function missesOf(states: readonly PlayState[], kind: number): readonly CountedMiss[] {
  const misses = new Misses();
  for (const { players } of states) misses.addAll(players[kind]?.misses ?? []);
  return misses.all();
}

function uniqueLearned(learned: readonly Learned[]): readonly Learned[] {
  return [...new Map(learned.map((one) => [JSON.stringify(one), one])).values()];
}

/** Adds up what has come of the calls of some threads that play the same. */
export function totalOf(states: readonly PlayState[]): PlayTotal {
  const kinds = states[0]?.players.keys() ?? [];
  return {
    counts: {
      answered: sumOf(states, 'answered'),
      lenient: sumOf(states, 'lenient'),
      missed: sumOf(states, 'missed'),
      passed: sumOf(states, 'passed'),
      faulted: sumOf(states, 'faulted'),
    },
    misses: [...kinds].flatMap((kind) => missesOf(states, kind)),
    used: new Set(states.flatMap(({ used }) => used)),
    usedPatterns: new Set(states.flatMap(({ usedPatterns }) => usedPatterns)),
    learned: uniqueLearned(states.flatMap(({ learned }) => learned)),
    differingMessages: states.reduce((sum, one) => sum + one.differingMessages, 0),
  };
}
