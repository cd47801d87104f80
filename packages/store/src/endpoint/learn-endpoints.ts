import type { Exchange } from '../exchange.ts';
import type { Endpoint } from '../exchange.ts';
import { decodeBody } from '../decode.ts';
import { bodyText } from '../decode-text.ts';
import { answerProfile } from './answer-profile.ts';
import type { EndpointRule } from './endpoint-rules.ts';
import type { Glimpse, Glimpses } from './glimpse.ts';
import { inferEndpoints } from './infer-endpoints.ts';
import type { AddressedCall, LearnedEndpoint } from './infer-endpoints.ts';
import { Observations } from './observations.ts';
import { operationOf } from './operation.ts';

/** Answers looked at in all; past this, endpoints go by what was learned so far. */
const MOST_ANSWERS = 20_000;
/** Requests of one path that are looked at for an operation; when none has one, no more are. */
const TRIED_FOR_OPERATION = 3;
/** Bodies whose operation is remembered, and paths that were tried. */
const MOST_KNOWN = 50_000;
const HAS_CONTENT = /^(?:POST|PUT|PATCH|QUERY)$/;

export interface LearnOptions {
  /** Templates that hold before any inference. */
  readonly rules?: readonly EndpointRule[];
}

/** What has calls to look at: a tape, or calls in memory. */
export interface Glimpsed {
  glimpses(): Pick<Glimpses, 'all' | 'text'>;
}

/** The endpoints of one tape or of several, as learned from all their calls. */
export interface TapeEndpoints {
  /** By origin, template and method. */
  readonly endpoints: readonly LearnedEndpoint[];
  /**
   * The endpoint of a call, also of one that it was not learned from. A whole exchange is looked at
   * for its GraphQL operation or JSON-RPC method; of other calls only `operation` is known.
   */
  endpointOf(call: AddressedCall | Exchange): Endpoint;
}

function json(text: string | null): unknown {
  if (text === null || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds the operations of requests on one tape, reading as few bodies as that takes. */
export class OperationFinder {
  readonly #tape: Glimpsed;
  /** By method and place: how many were tried, or that there are operations. */
  readonly #places = new Map<string, number | 'operations'>();
  readonly #bodies = new Map<number, string | null>();

  constructor(tape: Glimpsed) {
    this.#tape = tape;
  }

  operationOf(call: Glimpse): string | null {
    const { method, url, requestBody } = call;
    if (requestBody === null || !HAS_CONTENT.test(method)) {
      return operationOf({ method, url, body: null });
    }
    const place = `${method} ${call.origin}${call.template}`;
    const tried = this.#places.get(place) ?? 0;
    if (tried !== 'operations' && tried >= TRIED_FOR_OPERATION) return null;
    const operation = this.#inBody(call, requestBody);
    if (this.#places.size >= MOST_KNOWN) this.#places.clear();
    this.#places.set(
      place,
      operation !== null || tried === 'operations' ? 'operations' : tried + 1,
    );
    return operation;
  }

  #inBody({ id, method, url }: Glimpse, bodyId: number): string | null {
    const known = this.#bodies.get(bodyId);
    if (known !== undefined) return known;
    const body = this.#tape.glimpses().text(id, 'request');
    const operation = operationOf({ method, url, body });
    if (this.#bodies.size >= MOST_KNOWN) this.#bodies.clear();
    this.#bodies.set(bodyId, operation);
    return operation;
  }
}

function learnTape(tape: Glimpsed, observations: Observations): void {
  const operations = new OperationFinder(tape);
  const glimpses = tape.glimpses();
  let answers = 0;
  for (const call of glimpses.all()) {
    const { id, method, url, status, responseBody } = call;
    const operation = operations.operationOf(call);
    const sighting = observations.add({ method, url, status, operation });
    const isGood = status !== null && status >= 200 && status < 300 && responseBody !== null;
    if (!isGood || operation !== null || answers >= MOST_ANSWERS || !sighting.wantsAnswer) continue;
    answers += 1;
    const profile = answerProfile(json(glimpses.text(id, 'response')));
    if (profile !== null) sighting.answered(profile);
  }
}

function addressOf(call: AddressedCall | Exchange): AddressedCall {
  if (!('request' in call)) return call;
  const { method, url, body, headers } = call.request;
  const text = HAS_CONTENT.test(method) ? bodyText(decodeBody(body, headers), headers) : null;
  return { method, url, operation: operationOf({ method, url, body: text }) };
}

/**
 * Learns the endpoints of tapes from all their calls: templates that are given first, then what looks
 * like ids, then siblings whose answers are alike. Takes memory by the number of different names in
 * paths, and reads few bodies.
 */
export function endpointsOfTape(
  tapes: Glimpsed | readonly Glimpsed[],
  { rules = [] }: LearnOptions = {},
): TapeEndpoints {
  const observations = new Observations(rules);
  for (const tape of 'glimpses' in tapes ? [tapes] : tapes) learnTape(tape, observations);
  const map = inferEndpoints(observations);
  return {
    endpoints: map.endpoints,
    endpointOf: (call) => map.endpointOf(addressOf(call)),
  };
}
