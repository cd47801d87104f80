import type { Occasion } from './condition.ts';
import type { FaultRule } from './fault-rule.ts';
import { randomAt, seedOf } from './random.ts';
import type { Seed } from './random.ts';
import type { Plan } from './step.ts';

/** A rule and its count of one endpoint's requests. */
export interface ArmedRule {
  readonly rule: FaultRule;
  readonly seed: Seed;
  n: number;
  fired: number;
}

/** What the rules made of a plan. */
export interface Verdict {
  readonly plan: Plan;
  /** The rules that altered it, in their order. */
  readonly fired: readonly FaultRule[];
  /** Does the client still get the recorded answer whole? */
  readonly keepsAnswer: boolean;
}

const NONE: readonly ArmedRule[] = [];

/**
 * The rules of a run and their counts. A verdict is a hash of the run's seed, the rule, the endpoint
 * and how many requests of that endpoint the rule has seen: other endpoints do not come into it,
 * and a run with the same seed repeats. What is counted are attempts on the wire: a client that
 * retries by itself is seen twice.
 */
export class FaultsInForce {
  readonly #rules: readonly FaultRule[];
  readonly #seed: number;
  readonly #armed = new Map<string, ArmedRule>();

  constructor(rules: readonly FaultRule[], seed: number) {
    this.#rules = rules;
    this.#seed = seed;
  }

  /** The rules about a request. `endpoint` is what it is counted under. */
  about(method: string, host: string, path: string, endpoint: string): readonly ArmedRule[] {
    if (this.#rules.length === 0) return NONE;
    return this.#rules.flatMap((rule, index) => {
      const about = rule.matchesMethod(method) && rule.matchesPath(host, path);
      return about ? [this.#arm(rule, index, endpoint)] : [];
    });
  }

  #arm(rule: FaultRule, index: number, endpoint: string): ArmedRule {
    const key = JSON.stringify([index, endpoint]);
    const known = this.#armed.get(key);
    if (known !== undefined) return known;
    const seed = seedOf([this.#seed, rule.text, endpoint]);
    const armed = { rule, seed, n: 0, fired: 0 };
    this.#armed.set(key, armed);
    return armed;
  }
}

/** Counts a request for a rule and lets the rule alter the plan if it applies. */
function strike(armed: ArmedRule, plan: Plan): Plan {
  const { rule, seed } = armed;
  armed.n += 1;
  const random = randomAt(seed, armed.n);
  const occasion: Occasion = { n: armed.n, fired: armed.fired, draw: random() };
  if (!rule.conditions.every((holds) => holds(occasion))) return plan;
  const altered = rule.fault(plan, { rule: rule.text, random });
  if (altered !== plan) armed.fired += 1;
  return altered;
}

/** Passes a plan through rules in their order, each seeing what those before it made of it. */
export function strikeAll(rules: readonly ArmedRule[], plan: Plan): Verdict {
  const fired: FaultRule[] = [];
  let altered = plan;
  for (const armed of rules) {
    const next = strike(armed, altered);
    if (next !== altered) fired.push(armed.rule);
    altered = next;
  }
  return { plan: altered, fired, keepsAnswer: fired.every((rule) => rule.keepsAnswer) };
}
