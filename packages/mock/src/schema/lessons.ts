import { endpointKey } from '../endpoint-key.ts';
import { planOf } from '../plan.ts';
import type { Recording } from '../recording.ts';
import { answerTextOf } from './answer-text.ts';
import { Lesson, NOTHING_LEARNED } from './habits.ts';
import type { Habits } from './habits.ts';

/** Enough to tell what is usual; more would make the first altered answer of an endpoint late. */
const MOST_SAMPLES = 200;
const NO_WAITS = { kind: 'none' } as const;

function lessonOf(recordings: readonly Recording[]): Habits {
  const lesson = new Lesson();
  for (const { exchange } of recordings) {
    if (exchange.outcome !== 'complete' || (exchange.response?.status ?? 0) >= 300) continue;
    const answer = answerTextOf(planOf(exchange, NO_WAITS));
    for (const document of answer?.documents ?? []) lesson.add(document, answer?.text ?? '');
  }
  lesson.conclude();
  return lesson;
}

/** Learns what the answers of an endpoint have in common when that is asked for, and keeps it. */
export class Lessons {
  readonly #recordings: readonly Recording[];
  readonly #learned = new Map<string, Habits>();
  #samples: Map<string, Recording[]> | null = null;

  constructor(recordings: readonly Recording[]) {
    this.#recordings = recordings;
  }

  of(endpoint: string): Habits {
    const known = this.#learned.get(endpoint);
    if (known !== undefined) return known;
    const samples = this.#samplesOf(endpoint);
    const learned = samples === undefined ? NOTHING_LEARNED : lessonOf(samples);
    this.#learned.set(endpoint, learned);
    return learned;
  }

  #samplesOf(endpoint: string): readonly Recording[] | undefined {
    if (this.#samples === null) {
      this.#samples = new Map();
      for (const recording of this.#recordings) this.#note(this.#samples, recording);
    }
    return this.#samples.get(endpoint);
  }

  #note(samples: Map<string, Recording[]>, recording: Recording): void {
    const key = endpointKey(recording);
    const known = samples.get(key);
    if (known === undefined) samples.set(key, [recording]);
    else if (known.length < MOST_SAMPLES) known.push(recording);
  }
}
