import type { ArmedRule, RulesAbout } from './armed-rule.ts';
import { nearest } from './described.ts';
import type { Described, Description, NearPattern } from './described.ts';
import { endpointKey } from './endpoint-key.ts';
import type { Answer } from './answer.ts';
import { explainMiss, explainUsedUp } from './explain.ts';
import type { Explained } from './explain.ts';
import { hostOf } from './call.ts';
import type { Call } from './call.ts';
import type { CallLog } from './call-log.ts';
import type { FaultRule } from './fault-rule.ts';
import { strikeAll } from './faults-in-force.ts';
import type { FaultsInForce, Verdict } from './faults-in-force.ts';
import { placesText } from './fix-flags.ts';
import type { Group } from './group.ts';
import { LateFaults } from './late-faults.ts';
import type { Catalogue } from './match.ts';
import { Misses } from './misses.ts';
import { nearestOfEndpoint } from './nearest.ts';
import type { NearMiss } from './nearest.ts';
import { headOf } from './plan-parts.ts';
import type { Recording } from './recording.ts';
import { nextInSequence } from './sequence.ts';
import type { RepeatMode } from './sequence.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { Plan } from './step.ts';
import { splitTarget, splitUrl } from './target.ts';

/** What makes the plan of a recording for a call. */
export interface Planning {
  planFor(recording: Recording, call: Call): Plan;
  /** A call that finds no recording, in the words of the time of recording; undefined without any. */
  asRecorded(call: Call): Call | undefined;
}

export interface PlayerOptions {
  readonly catalogue: Catalogue;
  /** In the order in which they are asked for what no recording answers. */
  readonly descriptions: readonly Description[];
  readonly faults: FaultsInForce;
  readonly planner: Planning;
  readonly repeat: RepeatMode;
  /** Whether recordings are played; else every call is passed on that may be. */
  readonly replays: boolean;
  readonly log: CallLog;
}

export interface PlayerCounts {
  answered: number;
  lenient: number;
  missed: number;
  passed: number;
  faulted: number;
}

// Calls to endpoints that are not on the tape share one count, so that a mock which is sent ever new
// paths has no more counts than its tape has endpoints.
const UNRECORDED = 'unrecorded';
const LENIENT_FIELD = 'x-calltape-lenient';

function lockOf(endpoint: string): string {
  return JSON.stringify(['lock', endpoint]);
}

/** Has rules count on from where other threads left off. Their lock is held. */
function counting<T>(shared: SharedCounts, rules: readonly ArmedRule[], act: () => T): T {
  for (const rule of rules) rule.tally = shared.read(rule.key, rule.standing.era);
  const result = act();
  for (const rule of rules) shared.write(rule.key, rule.tally, rule.standing.era);
  return result;
}

const PASSED: Plan = [{ kind: 'pass' }];
const NO_RULES: readonly never[] = [];

/** Says in the answer that it is one to another request, and in what that differs. */
function withLenientMark(plan: Plan, { differs, more }: NearMiss): Plan {
  const head = headOf(plan);
  if (head === undefined) return plan;
  const rest = more === 0 ? '' : ` and ${more} more`;
  const headers = [...head.headers, LENIENT_FIELD, placesText(differs) + rest];
  return plan.map((step) => (step === head ? { ...head, headers } : step));
}

/** The recordings that answer a call. */
interface Found {
  readonly group: Group;
  readonly call: Call;
  /** In what way the group is not for the call; null where it is. */
  readonly near: NearMiss | null;
  readonly mayPass: boolean;
  readonly asked: FaultRule | null;
}

/** The rules about a call that no recording is for. */
interface RulesForMiss {
  readonly rules: readonly ArmedRule[];
  readonly endpoint: string;
  /** A recording of the endpoint, which they are counted with. */
  readonly like: Recording | undefined;
}

/** Decides what a call gets; keeps the state of sequences and faults, does no I/O. */
export class Player {
  readonly counts: PlayerCounts = { answered: 0, lenient: 0, missed: 0, passed: 0, faulted: 0 };
  readonly misses: Misses = new Misses();
  readonly #options: PlayerOptions;
  readonly #usedGroups = new Set<Group>();
  /** That no rule is about them, which most groups have in common. */
  #noRules: RulesAbout = { version: 0, rules: NO_RULES };
  /** The counts of sequences and rules, where other threads answer too. */
  #shared: SharedCounts | null = null;
  /** Takes what other threads have told. */
  #hear: (() => void) | null = null;
  /** Ends when sequences are set back. */
  #era = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** @param hear - Called before each call, to take what other threads have told. */
  share(counts: SharedCounts, hear: () => void): void {
    this.#shared = counts;
    this.#hear = hear;
  }

  /**
   * @param mayPass - Whether the real API may answer what no recording does.
   * @param asked - A fault that the client asked for with this request; it strikes after the rules.
   */
  answer(call: Call, mayPass: boolean, asked: FaultRule | null = null): Answer {
    this.#hear?.();
    const answer = this.#answer(call, mayPass, asked);
    this.#options.log.add(call, answer);
    return answer;
  }

  #answer(call: Call, mayPass: boolean, asked: FaultRule | null): Answer {
    const { catalogue, replays } = this.#options;
    if (mayPass && !replays) return this.#passed(call, asked);
    const group = this.#find(call);
    if (group !== undefined) return this.#next({ group, call, near: null, mayPass, asked });
    const described = this.#describedFor(call, asked);
    if (described !== undefined) return described;
    const near = catalogue.isLenient(call) ? nearestOfEndpoint(call, catalogue) : undefined;
    if (near !== undefined) return this.#next({ group: near.group, call, near, mayPass, asked });
    if (mayPass) return this.#passed(call, asked);
    return this.#missed(call, asked, explainMiss(call, catalogue, this.#near(call)));
  }

  /** Has all recordings to play again, in their order, as if none had been asked for. */
  resetSequences(): void {
    this.#era += 1;
    for (const group of this.#usedGroups) group.used = 0;
    this.#usedGroups.clear();
    for (const recording of this.#options.catalogue.recordings) recording.used = false;
  }

  #next(found: Found): Answer {
    const { group, call, mayPass, asked } = found;
    const answer = this.#inTurn(found);
    if (answer !== undefined) return answer;
    if (mayPass) return this.#passed(call, asked);
    return this.#missed(call, asked, explainUsedUp(call, group));
  }

  /** The next answer of a sequence; no two threads give the same one. Undefined when it is used up. */
  #inTurn(found: Found): Answer | undefined {
    const shared = this.#shared;
    const { repeat } = this.#options;
    const { group } = found;
    const [like] = group.sequence;
    if (shared === null || like === undefined) return this.#take(found);
    const rules = this.#rulesFor(group, like);
    if (rules.length === 0 && repeat !== 'once' && group.sequence.length === 1) {
      return this.#take(found);
    }
    return shared.exclusively(lockOf(endpointKey(like)), () => {
      group.used = shared.read(group.key, this.#era).n;
      const answer = counting(shared, rules, () => this.#take(found));
      shared.write(group.key, { n: group.used, fired: 0, atMs: 0 }, this.#era);
      return answer;
    });
  }

  #take({ group, call, near, asked }: Found): Answer | undefined {
    const next = nextInSequence(group.sequence.length, group.used, this.#options.repeat);
    const recording = next === undefined ? undefined : group.sequence[next];
    if (recording === undefined) return undefined;
    this.counts.answered += 1;
    const plan = this.#options.planner.planFor(recording, call);
    const like = group.sequence[0] ?? recording;
    const rules = this.#withAsked(this.#rulesFor(group, like), asked, recording);
    if (near === null) return this.#played(recording, group, strikeAll(rules, plan), 'hit');
    this.counts.lenient += 1;
    const verdict = strikeAll(rules, withLenientMark(plan, near));
    return this.#played(recording, group, verdict, 'lenient');
  }

  #find(call: Call): Group | undefined {
    const { catalogue, planner } = this.#options;
    const group = catalogue.find(call);
    if (group !== undefined) return group;
    const asRecorded = planner.asRecorded(call);
    return asRecorded === undefined ? undefined : catalogue.find(asRecorded);
  }

  #played(recording: Recording, group: Group, verdict: Verdict, result: 'hit' | 'lenient'): Answer {
    if (verdict.usesUp) {
      if (group.used === 0) this.#usedGroups.add(group);
      group.used += 1;
      recording.used = true;
    }
    if (verdict.fired.length > 0) this.counts.faulted += 1;
    return { plan: verdict.plan, recording, faults: verdict.fired, result };
  }

  #describedFor(call: Call, asked: FaultRule | null): Answer | undefined {
    for (const description of this.#options.descriptions) {
      const answer = this.#alone(description.lock, [], () => {
        const described = description.find(call);
        return described === undefined ? undefined : this.#described(described, call, asked);
      });
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Does what no other thread does at the same time, where there is another and a lock. */
  #alone<T>(lock: string | null, rules: readonly ArmedRule[], act: () => T): T {
    const shared = this.#shared;
    if (shared === null || lock === null) return act();
    return shared.exclusively(lock, () => counting(shared, rules, act));
  }

  #near(call: Call): readonly NearPattern[] {
    return nearest(this.#options.descriptions.flatMap((description) => description.near(call)));
  }

  #described(described: Described, call: Call, asked: FaultRule | null): Answer {
    const { pattern, origin } = described;
    this.counts.answered += 1;
    const { path } = splitTarget(call.target);
    const host = origin === null ? hostOf(call) : (splitUrl(origin)?.host ?? '');
    const { source, method, name } = pattern;
    const endpoint = JSON.stringify([source, method, name]);
    const { faults } = this.#options;
    const rules = faults.about(call.method, host, path, endpoint);
    const all = asked === null ? rules : [...rules, faults.once(asked, endpoint)];
    const verdict = this.#alone(lockOf(endpoint), rules, () => {
      const struck = strikeAll(all, described.plan());
      if (struck.usesUp) described.given();
      return struck;
    });
    if (verdict.fired.length > 0) this.counts.faulted += 1;
    return { plan: verdict.plan, recording: null, origin, faults: verdict.fired, result: 'hit' };
  }

  #missed(call: Call, asked: FaultRule | null, { miss, plan }: Explained): Answer {
    this.counts.missed += 1;
    this.misses.add(miss);
    return this.#withoutRecording(call, asked, plan, 'miss');
  }

  #passed(call: Call, asked: FaultRule | null): Answer {
    this.counts.passed += 1;
    return this.#withoutRecording(call, asked, PASSED, 'passed');
  }

  #withoutRecording(
    call: Call,
    asked: FaultRule | null,
    plan: Plan,
    result: 'miss' | 'passed',
  ): Answer {
    const verdict = this.#strikeMiss(call, asked, plan);
    const faults = [...verdict.fired];
    if (faults.length > 0) this.counts.faulted += 1;
    const answer = { plan: verdict.plan, recording: null, faults, result };
    if (verdict.late.length === 0) return answer;
    const late = new LateFaults(verdict.late, (rule) => {
      if (faults.push(rule) === 1) this.counts.faulted += 1;
    });
    return { ...answer, late };
  }

  #withAsked(
    rules: readonly ArmedRule[],
    asked: FaultRule | null,
    like: Recording | undefined,
  ): readonly ArmedRule[] {
    if (asked === null) return rules;
    const endpoint = like === undefined ? UNRECORDED : endpointKey(like);
    return [...rules, this.#options.faults.once(asked, endpoint)];
  }

  #rulesFor(group: Group, recording: Recording): readonly ArmedRule[] {
    const { version, isEmpty } = this.#options.faults;
    if (isEmpty) return NO_RULES;
    if (group.rules?.version === version) return group.rules.rules;
    if (this.#noRules.version !== version) this.#noRules = { version, rules: NO_RULES };
    const { method } = recording;
    const { path } = splitTarget(recording.target);
    const rules = this.#options.faults.about(method, recording.host, path, endpointKey(recording));
    group.rules = rules.length === 0 ? this.#noRules : { version, rules };
    return rules;
  }

  #strikeMiss(call: Call, asked: FaultRule | null, plan: Plan): Verdict {
    const { rules, endpoint, like } = this.#rulesForMiss(call);
    const all = this.#withAsked(rules, asked, like);
    const lock = rules.length === 0 ? null : lockOf(endpoint);
    const verdict = this.#alone(lock, rules, () => strikeAll(all, plan));
    if (lock === null || verdict.late.length === 0) return verdict;
    const late = verdict.late.map((one) => {
      return { ...one, release: () => this.#alone(lock, rules, one.release) };
    });
    return { ...verdict, late };
  }

  #rulesForMiss(call: Call): RulesForMiss {
    const { path } = splitTarget(call.target);
    const like = this.#options.catalogue.ofSameEndpoint(call);
    const host = like?.host ?? hostOf(call);
    const endpoint = like === undefined ? UNRECORDED : endpointKey(like);
    const rules = this.#options.faults.about(call.method, host, path, endpoint);
    return { rules, endpoint, like };
  }
}
