import type { FaultRule } from './fault-rule.ts';
import type { LateFaults } from './late-faults.ts';
import type { Recording } from './recording.ts';
import type { Plan } from './step.ts';

/**
 * How a call found its answer: by a recording of it (`hit`), or of another request of its endpoint
 * (`lenient`), by none (`miss`), from the real API (`passed`), or as one that is not answered at all
 * (`refused`).
 */
export type AnswerResult = 'hit' | 'lenient' | 'miss' | 'passed' | 'refused';

/** What the mock does about a call. */
export interface Answer {
  readonly plan: Plan;
  /** The recording that is played, or that a fault stands in for; null where there is none. */
  readonly recording: Recording | null;
  /** The origin that a description names for what it answers. */
  readonly origin?: string | null;
  /** The rules that altered the plan; those in `late` come to it when they alter the answer. */
  readonly faults: readonly FaultRule[];
  /** What is to alter the answer of the real API; nothing, unless rules apply to it. */
  readonly late?: LateFaults;
  readonly result: AnswerResult;
}
