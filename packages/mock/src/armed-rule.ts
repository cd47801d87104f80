import type { Occasion } from './condition.ts';
import type { FaultRule } from './fault-rule.ts';
import type { LateRule } from './late-faults.ts';
import { awaitsAnswer } from './plan-parts.ts';
import type { QuotaCount } from './quota.ts';
import { randomAt } from './random.ts';
import type { Random, Seed } from './random.ts';
import type { Habits } from './schema/habits.ts';
import type { Tally } from './shared-counts.ts';
import type { Plan } from './step.ts';

/** A rule in force, with what is counted for all its endpoints together. */
export interface Standing {
  /** Names the rule while the mock runs; no other rule of the run has it. */
  readonly id: number;
  /** Names its counts; a rule that is taken out leaves it to another. */
  readonly place: number;
  /** Its counts are those of this era, which ends when they are set back. */
  readonly era: number;
  readonly rule: FaultRule;
  on: boolean;
  /** When the rule came into force, or its counts were set back; on the clock of `World`. */
  sinceMs: number;
  /** Requests that the rule was about. */
  seen: number;
  /** Answers that it altered. */
  fired: number;
  /** Null where there is none, or one for each endpoint. */
  quota: QuotaCount | null;
}

/** The rules about the requests of a group, as of one version of those in force. */
export interface RulesAbout {
  readonly version: number;
  readonly rules: readonly ArmedRule[];
}

/** What a rule asks of its surroundings. */
export interface World {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** What the recordings of an endpoint have in common. */
  readonly learn: (endpoint: string) => Habits;
}

/** The numbers after the draw. */
function furtherAt(seed: Seed, n: number): Random {
  const random = randomAt(seed, n);
  random();
  return random;
}

/**
 * A rule and its count of one endpoint's requests. It is its own occasion, that of the request which was
 * counted last: what a condition asks for is made when it asks, for most rules let most requests pass.
 */
export class ArmedRule implements Occasion {
  readonly standing: Standing;
  /** Names the rule's count of this endpoint. */
  readonly key: string;
  readonly #seed: Seed;
  readonly #world: World;
  readonly #quota: QuotaCount | null;
  readonly #learned: () => Habits;
  #n = 0;
  #fired = 0;
  #firstMs = 0;
  /** When the request came that was counted last; null before somebody asks. */
  #nowMs: number | null = null;

  /** @param quota - Of the endpoint alone; null for that of the rule, where it has one. */
  constructor(
    standing: Standing,
    endpoint: string,
    seed: Seed,
    world: World,
    quota: QuotaCount | null,
  ) {
    this.standing = standing;
    this.key = JSON.stringify(['rule', standing.place, endpoint]);
    this.#seed = seed;
    this.#world = world;
    this.#quota = quota ?? standing.quota;
    this.#learned = () => world.learn(endpoint);
  }

  /** The requests of the endpoint so far, and how many of them the rule altered. */
  get tally(): Tally {
    return { n: this.#n, fired: this.#fired, atMs: this.#firstMs };
  }

  /** Goes on from a count that another thread left. */
  set tally({ n, fired, atMs }: Tally) {
    this.#n = n;
    this.#fired = fired;
    this.#firstMs = atMs;
  }

  get n(): number {
    return this.#n;
  }

  get fired(): number {
    return this.#fired;
  }

  get draw(): number {
    return randomAt(this.#seed, this.#n)();
  }

  get ageMs(): number {
    return this.#now() - this.standing.sinceMs;
  }

  get lastingMs(): number {
    return this.#fired === 0 ? 0 : this.#now() - this.#firstMs;
  }

  /** Counts a request and says whether the rule applies to it. */
  count(): boolean {
    this.#n += 1;
    this.#nowMs = null;
    this.standing.seen += 1;
    for (const holds of this.standing.rule.conditions) if (!holds(this)) return false;
    return true;
  }

  /**
   * Lets the rule alter the plan for the request that was counted last.
   *
   * @param late - Takes the rule if the answer is still to come.
   */
  strike(plan: Plan, late: LateRule[]): Plan {
    const { rule } = this.standing;
    const nowMs = this.#now();
    const quota = this.#quota?.count(nowMs) ?? null;
    const random = furtherAt(this.#seed, this.#n);
    const altered = rule.fault(plan, { rule: rule.text, random, quota, learned: this.#learned });
    if (altered === plan && rule.onAnswer !== null && awaitsAnswer(plan)) late.push(this.#later());
    else if (altered === plan) return plan;
    this.#note(nowMs);
    return altered;
  }

  #now(): number {
    this.#nowMs ??= this.#world.now();
    return this.#nowMs;
  }

  /** It counts as applied, so that `times` holds among calls under way, until it finds nothing to alter. */
  #later(): LateRule {
    const { standing } = this;
    const [seed, n] = [this.#seed, this.#n];
    const { rule } = standing;
    const context = { rule: rule.text, quota: null, learned: this.#learned };
    return {
      rule,
      alter: (answer) => rule.fault(answer, { ...context, random: furtherAt(seed, n) }),
      release: () => {
        this.#fired -= 1;
        standing.fired -= 1;
      },
    };
  }

  #note(nowMs: number): void {
    if (this.#fired === 0) this.#firstMs = nowMs;
    this.#fired += 1;
    this.standing.fired += 1;
  }
}
