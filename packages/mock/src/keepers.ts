import type { Call } from './call.ts';
import type { Journal } from './journal.ts';
import type { Watcher } from './perform.ts';
import { awaitsAnswer } from './plan-parts.ts';
import type { Answer } from './answer.ts';
import type { ServedSink } from './served-sink.ts';
import { ServedCall } from './served-call.ts';
import type { Arrival } from './served-call.ts';
import type { ServedRepeats } from './served-repeats.ts';

/** Where answers are kept; null for nowhere. */
export interface Keepers {
  readonly served: ServedSink | null;
  readonly journal: Journal | null;
  readonly repeats: ServedRepeats;
}

/** Tells each of some watchers. */
function all(watchers: readonly Watcher[]): Watcher | null {
  const [first, second] = watchers;
  if (first === undefined || second === undefined) return first ?? null;
  return {
    done: (step) => {
      for (const watcher of watchers) watcher.done(step);
    },
    ended: (ending, passed) => {
      for (const watcher of watchers) watcher.ended(ending, passed);
    },
  };
}

/** Who is to be told how an answer is given; null where nobody wants to know. */
export function watcherOf(
  { served, journal, repeats }: Keepers,
  call: Call,
  answer: Answer,
  arrival: Arrival,
): Watcher | null {
  const watchers: Watcher[] = [];
  // What the real API answers is on the tape that it is recorded on, unless a rule alters it.
  const isPassed = awaitsAnswer(answer.plan) && answer.late === undefined;
  if (served !== null && !isPassed) {
    watchers.push(new ServedCall({ writer: served, repeats }, call, answer, arrival));
  }
  if (journal !== null) watchers.push(journal.watch(call, answer, arrival));
  return all(watchers);
}
