import { ArmedRule, standingOf } from './armed-rule.ts';
import type { Standing, World } from './armed-rule.ts';
import type { FaultRule } from './fault-rule.ts';
import type { LateRule } from './late-faults.ts';
import { awaitsAnswer } from './plan-parts.ts';
import { seedOf } from './random.ts';
import { NOTHING_LEARNED } from './schema/habits.ts';
import type { Plan } from './step.ts';

/** What the rules made of a plan. */
export interface Verdict {
  readonly plan: Plan;
  /** The rules that altered it, in their order. */
  readonly fired: readonly FaultRule[];
  /** Is the recording used up? */
  readonly usesUp: boolean;
  /** The rules that are to alter the answer of the real API. */
  readonly late: readonly LateRule[];
}

/** A rule in force as it is shown to others. */
export interface RuleState {
  readonly id: number;
  /** The rule as the user wrote it. */
  readonly text: string;
  readonly on: boolean;
  /** Requests that it was about since its counts began. */
  readonly seen: number;
  /** Answers that it altered of those. */
  readonly fired: number;
}

const NONE: readonly never[] = [];
const DEFAULT_WORLD: World = { now: () => performance.now(), learn: () => NOTHING_LEARNED };

/**
 * The rules of a run and their counts. A verdict is a hash of the run's seed, the rule, the endpoint
 * and how many requests of that endpoint the rule has seen: other endpoints do not come into it,
 * and a run with the same seed repeats. What is counted are attempts on the wire: a client that
 * retries by itself is seen twice.
 */
export class FaultsInForce {
  readonly #seed: number;
  readonly #world: World;
  readonly #armed = new Map<string, ArmedRule>();
  #standing: readonly Standing[];
  #nextId: number;
  #version = 0;

  constructor(rules: readonly FaultRule[], seed: number, world: Partial<World> = {}) {
    this.#seed = seed;
    this.#world = { ...DEFAULT_WORLD, ...world };
    const nowMs = this.#world.now();
    this.#standing = rules.map((rule, at) => standingOf(at + 1, rule, nowMs));
    this.#nextId = rules.length + 1;
  }

  /** Changes whenever rules or counts were set: what `about` gave before is out of date then. */
  get version(): number {
    return this.#version;
  }

  /** Whether there is no rule, on or off. */
  get isEmpty(): boolean {
    return this.#standing.length === 0;
  }

  /** Every rule, also those that are switched off, in the order in which they strike. */
  get rules(): readonly RuleState[] {
    return this.#standing.map(({ id, rule, on, seen, fired }) => {
      return { id, text: rule.text, on, seen, fired };
    });
  }

  /** Puts a rule into force behind the others and returns its id. */
  add(rule: FaultRule): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#set([...this.#standing, standingOf(id, rule, this.#world.now())]);
    return id;
  }

  /** False when there is no such rule. */
  remove(id: number): boolean {
    const rest = this.#standing.filter((standing) => standing.id !== id);
    if (rest.length === this.#standing.length) return false;
    for (const key of this.#armed.keys()) {
      if (key.startsWith(`[${id},`)) this.#armed.delete(key);
    }
    this.#set(rest);
    return true;
  }

  /** Switches a rule on or off; its counts stay. False when there is no such rule. */
  turn(id: number, on: boolean): boolean {
    const standing = this.#standing.find((candidate) => candidate.id === id);
    if (standing === undefined) return false;
    standing.on = on;
    this.#set(this.#standing);
    return true;
  }

  /** Sets the counts and clocks of all rules back to those of the start. */
  reset(): void {
    const nowMs = this.#world.now();
    this.#armed.clear();
    this.#set(this.#standing.map(({ id, rule, on }) => ({ ...standingOf(id, rule, nowMs), on })));
  }

  /** The rules about a request. `endpoint` is what it is counted under. */
  about(method: string, host: string, path: string, endpoint: string): readonly ArmedRule[] {
    if (this.#standing.length === 0) return NONE;
    return this.#standing
      .filter(({ on, rule }) => on && rule.matchesMethod(method) && rule.matchesPath(host, path))
      .map((standing) => this.#arm(standing, endpoint));
  }

  /** A rule for one request alone: its draws are always the first of seed, rule and endpoint. */
  once(rule: FaultRule, endpoint: string): ArmedRule {
    return this.#newlyArmed(standingOf(0, rule, this.#world.now()), endpoint);
  }

  #arm(standing: Standing, endpoint: string): ArmedRule {
    const key = JSON.stringify([standing.id, endpoint]);
    const known = this.#armed.get(key);
    if (known !== undefined) return known;
    const armed = this.#newlyArmed(standing, endpoint);
    this.#armed.set(key, armed);
    return armed;
  }

  #newlyArmed(standing: Standing, endpoint: string): ArmedRule {
    const seed = seedOf([this.#seed, standing.rule.text, endpoint]);
    return new ArmedRule(standing, endpoint, seed, this.#world);
  }

  #set(standing: readonly Standing[]): void {
    this.#standing = standing;
    this.#version += 1;
  }
}

/** Passes a plan through rules in their order, each seeing what those before it made of it. */
export function strikeAll(rules: readonly ArmedRule[], plan: Plan): Verdict {
  if (rules.length === 0) return { plan, fired: NONE, usesUp: true, late: NONE };
  const [fired, late]: [FaultRule[], LateRule[]] = [[], []];
  let altered = plan;
  for (const armed of rules) {
    const next = armed.strike(altered, late);
    if (next !== altered) fired.push(armed.standing.rule);
    altered = next;
  }
  const usesUp = fired.every((rule) => rule.usesUp);
  if (awaitsAnswer(altered)) return { plan: altered, fired, usesUp, late };
  // A later rule has put something in the place of the answer that they wait for.
  for (const rule of late) rule.release();
  return { plan: altered, fired, usesUp, late: NONE };
}
