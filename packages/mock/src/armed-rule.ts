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

/** What a rule asks of its surroundings. */
export interface World {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** What the recordings of an endpoint have in common. */
  readonly learn: (endpoint: string) => Habits;
}

/**
 * Where a rule stands with one request. Its numbers are made when somebody asks for one, for most rules
 * let most requests pass.
 */
class Present implements Occasion {
  readonly n: number;
  readonly fired: number;
  readonly ageMs: number;
  readonly lastingMs: number;
  readonly #seed: Seed;
  #random: Random | null = null;
  #draw = 0;

  constructor(seed: Seed, { n, fired }: Tally, ageMs: number, lastingMs: number) {
    this.#seed = seed;
    this.n = n;
    this.fired = fired;
    this.ageMs = ageMs;
    this.lastingMs = lastingMs;
  }

  get draw(): number {
    this.further();
    return this.#draw;
  }

  /** The numbers after the draw. */
  further(): Random {
    if (this.#random !== null) return this.#random;
    const random = randomAt(this.#seed, this.n);
    this.#draw = random();
    this.#random = random;
    return random;
  }
}

/** A rule and its count of one endpoint's requests. */
export class ArmedRule {
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

  /**
   * Counts a request and lets the rule alter the plan if it applies.
   *
   * @param late - Takes the rule if it applies to an answer that is still to come.
   */
  strike(plan: Plan, late: LateRule[] = []): Plan {
    const { standing } = this;
    const { rule } = standing;
    const nowMs = this.#world.now();
    this.#n += 1;
    standing.seen += 1;
    const lastingMs = this.#fired === 0 ? 0 : nowMs - this.#firstMs;
    const occasion = new Present(this.#seed, this.tally, nowMs - standing.sinceMs, lastingMs);
    if (!rule.conditions.every((holds) => holds(occasion))) return plan;
    const quota = this.#quota?.count(nowMs) ?? null;
    const random = occasion.further();
    const altered = rule.fault(plan, { rule: rule.text, random, quota, learned: this.#learned });
    if (altered === plan && rule.onAnswer !== null && awaitsAnswer(plan)) late.push(this.#later());
    else if (altered === plan) return plan;
    this.#note(nowMs);
    return altered;
  }

  /** It counts as applied, so that `times` holds among calls under way, until it finds nothing to alter. */
  #later(): LateRule {
    const { standing, tally } = this;
    const { rule } = standing;
    const context = { rule: rule.text, quota: null, learned: this.#learned };
    return {
      rule,
      alter: (answer) => {
        const random = new Present(this.#seed, tally, 0, 0).further();
        return rule.fault(answer, { ...context, random });
      },
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
