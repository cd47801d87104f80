import { ArmedRule } from './armed-rule.ts';
import type { Standing, World } from './armed-rule.ts';
import { commonClockMs } from './common-clock.ts';
import type { FaultRule } from './fault-rule.ts';
import type { LateRule } from './late-faults.ts';
import { parseFault } from './parse-fault.ts';
import { awaitsAnswer } from './plan-parts.ts';
import { QuotaWindow, SharedQuota } from './quota.ts';
import type { QuotaCount } from './quota.ts';
import { seedOf } from './random.ts';
import { NOTHING_LEARNED } from './schema/habits.ts';
import type { SharedCounts } from './shared-counts.ts';
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

/** The rules in force, for a thread that begins with what another has. */
export interface RulesInForce {
  readonly rules: readonly (Pick<Standing, 'id' | 'place' | 'era' | 'on' | 'sinceMs'> & {
    readonly text: string;
  })[];
  readonly nextId: number;
  readonly era: number;
}

/** What was done to the rules, for threads that are to do it too. */
export type RuleChange =
  | { readonly kind: 'add'; readonly text: string; readonly nowMs: number }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'turn'; readonly id: number; readonly on: boolean }
  | { readonly kind: 'reset'; readonly nowMs: number };

/** What a thread has counted of a rule since its counts began. */
export type RuleCounts = Pick<Standing, 'id' | 'era' | 'seen' | 'fired'>;

interface Shared {
  readonly counts: SharedCounts;
  readonly tell: (change: RuleChange) => void;
  /** The most rules whose counts there is room for. */
  readonly most: number;
}

/** What the rules that apply have made of a plan so far. */
interface Made {
  plan: Plan;
  readonly fired: FaultRule[];
  readonly late: LateRule[];
}

const NONE: readonly never[] = [];
const DEFAULT_WORLD: World = { now: commonClockMs, learn: () => NOTHING_LEARNED };

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
  #standing: readonly Standing[] = [];
  #nextId = 1;
  #era = 0;
  #version = 0;
  /** Null where no other thread answers. */
  #shared: Shared | null = null;
  /** What other threads have counted. */
  #elsewhere: readonly RuleCounts[] = [];

  constructor(rules: readonly FaultRule[], seed: number, world: Partial<World> = {}) {
    this.#seed = seed;
    this.#world = { ...DEFAULT_WORLD, ...world };
    const nowMs = this.#world.now();
    for (const rule of rules) this.#add(rule, nowMs);
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
    return this.#standing.map(({ id, era, rule, on, ...own }) => {
      const all = [own, ...this.#elsewhere.filter((one) => one.id === id && one.era === era)];
      return {
        id,
        text: rule.text,
        on,
        seen: all.reduce((sum, { seen }) => sum + seen, 0),
        fired: all.reduce((sum, { fired }) => sum + fired, 0),
      };
    });
  }

  /** Whether there is room for another rule; only what several threads share is limited. */
  get hasRoom(): boolean {
    return this.#shared === null || this.#standing.length < this.#shared.most;
  }

  /** Puts a rule into force behind the others and returns its id. */
  add(rule: FaultRule): number {
    const nowMs = this.#world.now();
    this.#shared?.tell({ kind: 'add', text: rule.text, nowMs });
    return this.#add(rule, nowMs);
  }

  /** False when there is no such rule. */
  remove(id: number): boolean {
    this.#shared?.tell({ kind: 'remove', id });
    return this.#remove(id);
  }

  /** Switches a rule on or off; its counts stay. False when there is no such rule. */
  turn(id: number, on: boolean): boolean {
    this.#shared?.tell({ kind: 'turn', id, on });
    return this.#turn(id, on);
  }

  /** Sets the counts and clocks of all rules back to those of the start. */
  reset(): void {
    const nowMs = this.#world.now();
    this.#shared?.tell({ kind: 'reset', nowMs });
    this.#reset(nowMs);
  }

  /** From here on counts what other threads count too, and tells them what is done to the rules. */
  share(shared: Shared): void {
    this.#shared = shared;
    this.#rearm(this.#standing);
  }

  /** Does what another thread has done. */
  take(change: RuleChange): void {
    switch (change.kind) {
      case 'add':
        this.#add(parseFault(change.text), change.nowMs);
        break;
      case 'remove':
        this.#remove(change.id);
        break;
      case 'turn':
        this.#turn(change.id, change.on);
        break;
      case 'reset':
        this.#reset(change.nowMs);
        break;
    }
  }

  /** The rules for a thread that is to go on as this one. */
  get inForce(): RulesInForce {
    const rules = this.#standing.map(({ rule: { text }, id, place, era, on, sinceMs }) => {
      return { text, id, place, era, on, sinceMs };
    });
    return { rules, nextId: this.#nextId, era: this.#era };
  }

  /** Begins with the rules that another thread has. */
  restore({ rules, nextId, era }: RulesInForce): void {
    this.#nextId = nextId;
    this.#era = era;
    this.#rearm(
      rules.map(({ text, ...rest }) => {
        return { ...rest, rule: parseFault(text), seen: 0, fired: 0, quota: null };
      }),
    );
  }

  get counts(): readonly RuleCounts[] {
    return this.#standing.map(({ id, era, seen, fired }) => ({ id, era, seen, fired }));
  }

  set elsewhere(counts: readonly RuleCounts[]) {
    this.#elsewhere = counts;
  }

  /** The rules about a request. `endpoint` is what it is counted under. */
  about(method: string, host: string, path: string, endpoint: string): readonly ArmedRule[] {
    const standing = this.#standing.filter(
      ({ on, rule }) => on && rule.matchesMethod(method) && rule.matchesPath(host, path),
    );
    return standing.length === 0 ? NONE : standing.map((one) => this.#arm(one, endpoint));
  }

  /** A rule for one request alone: its draws are always the first of seed, rule and endpoint. */
  once(rule: FaultRule, endpoint: string): ArmedRule {
    const nowMs = this.#world.now();
    const counted = { on: true, sinceMs: nowMs, seen: 0, fired: 0, place: -1, era: 0 };
    const quota = rule.quota === null ? null : new QuotaWindow(rule.quota);
    return this.#newlyArmed({ id: 0, rule, quota, ...counted }, endpoint, quota);
  }

  #arm(standing: Standing, endpoint: string): ArmedRule {
    const key = JSON.stringify([standing.id, endpoint]);
    const known = this.#armed.get(key);
    if (known !== undefined) return known;
    const quota = this.#quotaOf(standing, endpoint);
    const armed = this.#newlyArmed(standing, endpoint, quota);
    this.#armed.set(key, armed);
    return armed;
  }

  #newlyArmed(standing: Standing, endpoint: string, quota: QuotaCount | null): ArmedRule {
    const seed = seedOf([this.#seed, standing.rule.text, endpoint]);
    return new ArmedRule(standing, endpoint, seed, this.#world, quota);
  }

  /** @param endpoint - Whose requests alone it is about; null for all. */
  #quotaOf({ rule: { quota }, place, era }: Standing, endpoint: string | null): QuotaCount | null {
    if (quota === null || quota.perEndpoint !== (endpoint !== null)) return null;
    if (this.#shared === null) return new QuotaWindow(quota);
    const key = JSON.stringify(['quota', place, endpoint]);
    return new SharedQuota(quota, this.#shared.counts, key, era);
  }

  #add(rule: FaultRule, nowMs: number): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#era += 1;
    const taken = new Set(this.#standing.map(({ place }) => place));
    let place = 0;
    while (taken.has(place)) place += 1;
    const counted = { sinceMs: nowMs, seen: 0, fired: 0, quota: null };
    const added: Standing = { id, place, era: this.#era, rule, on: true, ...counted };
    added.quota = this.#quotaOf(added, null);
    this.#set([...this.#standing, added]);
    return id;
  }

  #remove(id: number): boolean {
    const rest = this.#standing.filter((standing) => standing.id !== id);
    if (rest.length === this.#standing.length) return false;
    for (const key of this.#armed.keys()) {
      if (key.startsWith(`[${id},`)) this.#armed.delete(key);
    }
    this.#set(rest);
    return true;
  }

  #turn(id: number, on: boolean): boolean {
    const standing = this.#standing.find((candidate) => candidate.id === id);
    if (standing === undefined) return false;
    standing.on = on;
    this.#set(this.#standing);
    return true;
  }

  #reset(nowMs: number): void {
    this.#era += 1;
    const era = this.#era;
    this.#rearm(
      this.#standing.map((standing) => {
        return { ...standing, era, sinceMs: nowMs, seen: 0, fired: 0 };
      }),
    );
  }

  /** Has rules begin to count where their counts are now. */
  #rearm(standing: readonly Standing[]): void {
    this.#armed.clear();
    for (const one of standing) one.quota = this.#quotaOf(one, null);
    this.#set(standing);
  }

  #set(standing: readonly Standing[]): void {
    this.#standing = standing;
    this.#version += 1;
  }
}

/** Passes a plan through rules in their order, each seeing what those before it made of it. */
export function strikeAll(rules: readonly ArmedRule[], plan: Plan): Verdict {
  let made: Made | null = null;
  for (const armed of rules) {
    if (!armed.count()) continue;
    made ??= { plan, fired: [], late: [] };
    const next = armed.strike(made.plan, made.late);
    if (next !== made.plan) made.fired.push(armed.standing.rule);
    made.plan = next;
  }
  return made === null ? { plan, fired: NONE, usesUp: true, late: NONE } : verdictOf(made);
}

function verdictOf({ plan, fired, late }: Made): Verdict {
  const usesUp = fired.every((rule) => rule.usesUp);
  if (awaitsAnswer(plan)) return { plan, fired, usesUp, late };
  // A later rule has put something in the place of the answer that they wait for.
  for (const rule of late) rule.release();
  return { plan, fired, usesUp, late: NONE };
}
