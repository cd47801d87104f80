import { header } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import type { Content } from './body-meaning.ts';
import type { KeptExchange } from './kept-exchange.ts';
import type { Plan } from './step.ts';

/** The plan of a recording and what may have to be changed in it for a call. */
export interface PreparedPlan {
  readonly plan: Plan;
  /** It names places that move to where the mock is. */
  readonly namesPlaces: boolean;
  /** Names and values of request fields that the answer says again. */
  readonly said: readonly (readonly [name: string, value: string])[];
  /** The plan for clients that know the mock by this origin. */
  placed: { readonly own: string; readonly plan: Plan } | null;
}

/** Where a recording comes from, the same for all of one run and host. */
export interface Site {
  /** The tape's file as it was given. */
  readonly tape: string;
  /** The run of a recorder that made it; the same for all of that run. */
  readonly run: string;
  readonly origin: string;
  readonly host: string;
}

/** An exchange of a tape that the mock can play. */
export class Recording {
  readonly id: number;
  /** Path and query as they were on the wire. */
  readonly target: string;
  /** How it is played, once that is known. */
  plan: PreparedPlan | null = null;
  /** Whether a client got it whole. */
  used = false;
  readonly #site: Site;
  readonly #kept: KeptExchange;

  constructor(id: number, target: string, site: Site, kept: KeptExchange) {
    this.id = id;
    this.target = target;
    this.#site = site;
    this.#kept = kept;
  }

  get tape(): string {
    return this.#site.tape;
  }

  get run(): string {
    return this.#site.run;
  }

  get origin(): string {
    return this.#site.origin;
  }

  get host(): string {
    return this.#site.host;
  }

  get method(): string {
    return this.#kept.method;
  }

  get endpoint(): Exchange['endpoint'] {
    return this.#kept.endpoint;
  }

  /** Null for a call that got no answer. */
  get status(): number | null {
    return this.#kept.status;
  }

  /** Whether the request had content, which the tape need not have. */
  get sendsContent(): boolean {
    return this.#kept.sendsContent;
  }

  /** Bytes of the request's content. */
  get requestContent(): Uint8Array {
    return this.#kept.requestContent;
  }

  /** All that is known of the call; unpacked for each who asks. */
  get exchange(): Exchange {
    return this.#kept.read();
  }
}

const SWITCHING = 101;

/** Whether a call became a WebSocket, which is replayed in its own way. */
export function isWebSocket({ status }: Recording): boolean {
  return status === SWITCHING;
}

export function recordedContent({ exchange }: Recording): Content {
  const { body, headers } = exchange.request;
  return {
    bytes: body.bytes,
    size: body.size,
    type: header(headers, 'content-type') ?? '',
    coding: header(headers, 'content-encoding') ?? '',
  };
}
