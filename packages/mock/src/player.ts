import { explainMiss, explainUsedUp } from './explain.ts';
import type { Group } from './body-index.ts';
import { hostOf } from './call.ts';
import type { Call } from './call.ts';
import { fieldValue } from './flat-headers.ts';
import type { FaultRule } from './fault-rule.ts';
import { strikeAll } from './faults-in-force.ts';
import type { ArmedRule, FaultsInForce } from './faults-in-force.ts';
import type { LatencyMode } from './latency-mode.ts';
import type { Catalogue } from './match.ts';
import { headOf } from './plan-parts.ts';
import { planOf } from './plan.ts';
import type { Recording } from './recording.ts';
import { nextInSequence } from './sequence.ts';
import type { RepeatMode } from './sequence.ts';
import type { Plan } from './step.ts';
import { splitTarget } from './target.ts';
import { towardsMock } from './upstream-urls.ts';

/** What the mock does about a call. */
export interface Answer {
  readonly plan: Plan;
  /** The recording that is played, or that a fault stands in for; null for a miss. */
  readonly recording: Recording | null;
  /** The rules that altered the plan. */
  readonly faults: readonly FaultRule[];
}

export interface PlayerOptions {
  readonly catalogue: Catalogue;
  readonly faults: FaultsInForce;
  readonly latency: LatencyMode;
  readonly repeat: RepeatMode;
}

export interface PlayerCounts {
  answered: number;
  missed: number;
  faulted: number;
}

// Calls to endpoints that are not on the tape share one count, so that a mock which is sent ever new
// paths has no more counts than its tape has endpoints.
const UNRECORDED = 'unrecorded';

function endpointKey({ exchange }: Recording): string {
  const { method, origin, template } = exchange.endpoint;
  return JSON.stringify([method, origin, template]);
}

/** The mock's own origin in the client's words; empty, so that URLs become relative, without any. */
function mockOrigin(call: Call): string {
  const host = fieldValue(call.headers, 'host');
  return host === undefined ? '' : `http://${host}`;
}

function withUrlsOf(plan: Plan, hosts: ReadonlySet<string>, origin: string): Plan {
  const head = headOf(plan);
  if (head === undefined) return plan;
  const headers = towardsMock(head.headers, hosts, origin);
  if (headers === head.headers) return plan;
  return plan.map((step) => (step === head ? { ...head, headers } : step));
}

/** Decides what a call gets; keeps the state of sequences and faults, does no I/O. */
export class Player {
  readonly counts: PlayerCounts = { answered: 0, missed: 0, faulted: 0 };
  readonly #options: PlayerOptions;
  readonly #rulesOfGroup = new Map<Group, readonly ArmedRule[]>();

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  answer(call: Call): Answer {
    const { catalogue, repeat } = this.#options;
    const group = catalogue.find(call);
    if (group === undefined) return this.#missed(call, explainMiss(call, catalogue));
    const next = nextInSequence(group.recordings.length, group.used, repeat);
    const recording = next === undefined ? undefined : group.recordings[next];
    if (recording === undefined) return this.#missed(call, explainUsedUp(call, group));
    return this.#played(recording, group, call);
  }

  #played(recording: Recording, group: Group, call: Call): Answer {
    this.counts.answered += 1;
    const plan = recording.plan ?? this.#planFor(recording, call);
    const verdict = strikeAll(this.#rulesFor(group, recording), plan);
    if (verdict.keepsAnswer) {
      group.used += 1;
      recording.used = true;
    }
    if (verdict.fired.length > 0) this.counts.faulted += 1;
    return { plan: verdict.plan, recording, faults: verdict.fired };
  }

  #missed(call: Call, plan: Plan): Answer {
    this.counts.missed += 1;
    const verdict = strikeAll(this.#rulesForMiss(call), plan);
    if (verdict.fired.length > 0) this.counts.faulted += 1;
    return { plan: verdict.plan, recording: null, faults: verdict.fired };
  }

  #rulesFor(group: Group, recording: Recording): readonly ArmedRule[] {
    const known = this.#rulesOfGroup.get(group);
    if (known !== undefined) return known;
    const { method } = recording.exchange.request;
    const { path } = splitTarget(recording.target);
    const rules = this.#options.faults.about(method, recording.host, path, endpointKey(recording));
    this.#rulesOfGroup.set(group, rules);
    return rules;
  }

  #rulesForMiss(call: Call): readonly ArmedRule[] {
    const { path } = splitTarget(call.target);
    const like = this.#options.catalogue.ofSameEndpoint(call);
    const host = like?.host ?? hostOf(call);
    const endpoint = like === undefined ? UNRECORDED : endpointKey(like);
    return this.#options.faults.about(call.method, host, path, endpoint);
  }

  /** The plan of a recording; kept with it unless it depends on how the client calls the mock. */
  #planFor(recording: Recording, call: Call): Plan {
    const { catalogue, latency } = this.#options;
    const plan = planOf(recording.exchange, latency);
    const moved = withUrlsOf(plan, catalogue.hosts, mockOrigin(call));
    if (moved === plan) recording.plan = plan;
    // A proxied client believes that it talks to the upstream, and its next call comes here too.
    return call.proxiedOrigin === null ? moved : plan;
  }
}
