import { bodyText, decodeBody } from '@calltape/store';
import type { Call } from './call.ts';
import { echoed, withFieldsEchoed } from './echo.ts';
import { EchoMemory } from './echo-memory.ts';
import type { Remembered } from './echo-memory.ts';
import type { EndpointLatency } from './endpoint-latency.ts';
import { fieldValue } from './flat-headers.ts';
import { planOf } from './plan.ts';
import { SharedHeads } from './shared-heads.ts';
import type { Planning } from './player.ts';
import type { PreparedPlan, Recording } from './recording.ts';
import { changesOf, echoedFields, isAsRecorded } from './request-changes.ts';
import type { SecretPlaces } from './secret-places.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { Plan } from './step.ts';
import type { TimeShift } from './time-shift.ts';
import type { UpstreamUrls } from './upstream-urls.ts';

export interface PlannerOptions {
  readonly latency: EndpointLatency;
  readonly urls: UpstreamUrls;
  readonly secrets: SecretPlaces;
  /** Null leaves times as they were recorded. */
  readonly timeShift: TimeShift | null;
}

function recordedText({ exchange: { response } }: Recording): string {
  if (response === null) return '';
  return bodyText(decodeBody(response.body, response.headers), response.headers) ?? '';
}

/** Makes the plan of a recording for a call: what was recorded, and what has to differ from that. */
export class Planner implements Planning {
  readonly #options: PlannerOptions;
  readonly #memory = new EchoMemory();
  readonly #heads = new SharedHeads();

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** @param tell - Told of what clients have sent, for other threads to take. */
  share(counts: SharedCounts, tell: (all: readonly Remembered[]) => void): void {
    this.#options.timeShift?.share(counts);
    this.#memory.share(tell);
  }

  /** What clients of another thread have sent. */
  take(all: readonly Remembered[]): void {
    this.#memory.take(all);
  }

  planFor(recording: Recording, call: Call): Plan {
    recording.plan ??= this.#prepared(recording);
    const { timeShift } = this.#options;
    const told = this.#told(recording, recording.plan, call);
    const plan =
      timeShift === null ? told : timeShift.shifted(told, recording.exchange, Date.now());
    return recording.plan.namesPlaces
      ? this.#placed(recording.plan, plan, call, recording.host)
      : plan;
  }

  /**
   * A call that finds no recording, as it would have been sent at the time: with the ids that were
   * made then in the place of those that the client has made since. Undefined when there are none.
   */
  asRecorded(call: Call): Call | undefined {
    return this.#memory.isEmpty ? undefined : this.#memory.inRecordedWords(call);
  }

  #prepared(recording: Recording): PreparedPlan {
    const { exchange } = recording;
    const own = planOf(exchange, this.#options.latency.paceOf(recording));
    const plan = this.#heads.withShared(own);
    const namesPlaces = this.#options.urls.concerns(plan, recording.host);
    return { plan, namesPlaces, said: echoedFields(exchange), placed: null };
  }

  /** The answer with what the client has said of itself; the same plan for the recorded request. */
  #told(recording: Recording, { plan, said }: PreparedPlan, call: Call): Plan {
    const memory = this.#memory;
    const fields =
      said.length === 0
        ? plan
        : withFieldsEchoed(plan, said, (name) => fieldValue(call.headers, name));
    if (memory.isEmpty && isAsRecorded(recording, call)) return fields;
    const changes = changesOf(recording, call, this.#options.secrets);
    const about = memory.isEmpty ? null : (text: string) => memory.about(text);
    const told = echoed(fields, changes, about);
    if (changes.length > 0) memory.remember(recording, changes, recordedText(recording));
    return told;
  }

  #placed(prepared: PreparedPlan, plan: Plan, { ownOrigin: own }: Call, host: string): Plan {
    // A proxied client believes that it talks to the upstream, and its next call comes here too.
    if (own === null) return plan;
    const { urls } = this.#options;
    if (plan !== prepared.plan) return urls.moved(plan, own, host);
    if (prepared.placed?.own === own) return prepared.placed.plan;
    prepared.placed = { own, plan: urls.moved(plan, own, host) };
    return prepared.placed.plan;
  }
}
