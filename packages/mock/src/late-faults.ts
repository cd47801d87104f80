import type { FaultRule } from './fault-rule.ts';
import type { Plan } from './step.ts';

/** A rule that applies to an answer which is still to come. */
export interface LateRule {
  readonly rule: FaultRule;
  /** Always alters the same answer in the same way. */
  readonly alter: (answer: Plan) => Plan;
  /** It has found nothing to alter, and does not count as applied. */
  readonly release: () => void;
}

/** What alters the answer of the real API to one call. */
export class LateFaults {
  readonly #rules: readonly LateRule[];
  readonly #onFired: (rule: FaultRule) => void;
  readonly #fired = new Set<LateRule>();
  readonly #needsWhole: boolean;

  /** @param onFired - Told of each rule that alters the answer. */
  constructor(rules: readonly LateRule[], onFired: (rule: FaultRule) => void) {
    this.#rules = rules;
    this.#onFired = onFired;
    this.#needsWhole = rules.some(({ rule }) => rule.onAnswer === 'whole');
  }

  /**
   * The answer as the rules alter it: as far as it has come, or undefined while they have to see more of it.
   *
   * @param isWhole - Nothing more of it comes.
   */
  alter(answer: Plan, isWhole: boolean): Plan | undefined {
    if (this.#needsWhole && !isWhole) return undefined;
    let altered = answer;
    for (const late of this.#rules) {
      const next = late.alter(altered);
      if (next !== altered && !this.#fired.has(late)) {
        this.#fired.add(late);
        this.#onFired(late.rule);
      }
      altered = next;
    }
    return altered;
  }

  /** The answer is over: what has not altered it never will. */
  settle(): void {
    for (const late of this.#rules) if (!this.#fired.has(late)) late.release();
  }
}
