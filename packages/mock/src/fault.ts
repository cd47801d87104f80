import type { MockError } from './errors.ts';
import type { Quota, QuotaState } from './quota.ts';
import type { Random } from './random.ts';
import type { Habits } from './schema/habits.ts';
import type { Plan } from './step.ts';

export interface FaultContext {
  /** The rule as the user wrote it. */
  readonly rule: string;
  /** Numbers that depend on seed, rule, endpoint and occurrence alone. */
  readonly random: Random;
  /** Where the rule's quota stands; null for a rule without one. */
  readonly quota: QuotaState | null;
  /** What the recordings of the endpoint have in common; learned when it is first asked for. */
  readonly learned: () => Habits;
}

/**
 * Alters a plan; pure. Returns the plan it was given when there is nothing in it to alter (an empty
 * body cannot be cut): such a call does not count as faulted.
 */
export type Fault = (plan: Plan, context: FaultContext) => Plan;

/** What a rule's text says for one kind of fault. */
export interface FaultInput {
  /** What follows `kind=`; undefined when nothing does. */
  readonly value: string | undefined;
  readonly options: ReadonlyMap<string, string>;
  /** The error to throw when a part is wrong: which part, and a sentence with the right spelling. */
  readonly refuse: (part: string, sentence: string) => MockError;
}

export type NeedOfAnswer = 'beginning' | 'whole';

/** One kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** The right spelling, for error messages. */
  readonly usage: string;
  /** Keys that only this kind has. */
  readonly keys: readonly string[];
  /**
   * Is the recording used up, as it is when the API has done its work? Where it is not, a client that
   * tries again gets the answer that it would have got without the fault.
   */
  readonly usesUp: boolean;
  /**
   * What it has to see of an answer that is still to come from the real API. `beginning`: what it makes
   * of the beginning of an answer is the beginning of what it makes of the whole, so that it can alter
   * one that is under way. Left out by a kind that strikes without an answer.
   */
  readonly onAnswer?: NeedOfAnswer;
  /** Reads value and options; throws what `refuse` returns. */
  readonly parse: (input: FaultInput) => Fault;
  /** How requests are counted, for a kind whose verdict depends on that. */
  readonly quotaOf?: (input: FaultInput) => Quota;
}
