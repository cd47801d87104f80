import type { MockError } from './errors.ts';
import type { Random } from './random.ts';
import type { Plan } from './step.ts';

export interface FaultContext {
  /** The rule as the user wrote it. */
  readonly rule: string;
  /** Numbers that depend on seed, rule, endpoint and occurrence alone. */
  readonly random: Random;
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

/** One kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** The right spelling, for error messages. */
  readonly usage: string;
  /** Keys that only this kind has. */
  readonly keys: readonly string[];
  /**
   * Does the client still get the recorded answer whole? Where it does not, the recording is not
   * used up: a client that tries again gets the answer that it would have got without the fault.
   */
  readonly keepsAnswer: boolean;
  /** Reads value and options; throws what `refuse` returns. */
  readonly parse: (input: FaultInput) => Fault;
}
