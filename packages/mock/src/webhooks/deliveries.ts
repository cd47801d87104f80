import { hash } from 'node:crypto';
import type { Exchange } from '@calltape/store';
import type { WebhookProvider } from './scheme.ts';
import { describeAs, isInbound, requestOf, schemeOfCall } from './recognise.ts';
import { OTHER } from './schemes/other.ts';

/** One event that a provider told an app of, in as many calls as it took. */
export interface WebhookDelivery {
  /** Of the newest call. */
  readonly id: number;
  /** When the newest call was made, milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly provider: WebhookProvider;
  /** The type of the event, in the provider's words; null where none can be read. */
  readonly event: string | null;
  readonly method: string;
  readonly url: string;
  /** What the app answered last; null when it did not. */
  readonly status: number | null;
  readonly outcome: Exchange['outcome'];
  /** The calls on the tape that carried it, the oldest first. */
  readonly calls: readonly number[];
}

/** Collects the deliveries among calls, which are given to it by id. */
export class DeliveryCollector {
  readonly #all: boolean;
  readonly #byKey = new Map<string, WebhookDelivery>();

  /** @param all - Whether calls to the app that no provider is known to have made count too. */
  constructor(all: boolean) {
    this.#all = all;
  }

  add(exchange: Exchange): void {
    const scheme = schemeOfCall(exchange) ?? (this.#all && isInbound(exchange) ? OTHER : null);
    if (scheme === null) return;
    const request = requestOf(exchange);
    const { method, url, body } = request;
    // Of calls of anybody nobody can say that they are the same one.
    const delivery =
      scheme === OTHER
        ? String(exchange.id)
        : (scheme.deliveryOf(request) ?? hash('sha256', body, 'hex'));
    const key = JSON.stringify([scheme.name, method, url, delivery]);
    const calls = [...(this.#byKey.get(key)?.calls ?? []), exchange.id];
    this.#byKey.delete(key);
    this.#byKey.set(key, {
      id: exchange.id,
      startedAt: exchange.startedAt,
      ...describeAs(scheme, request),
      method,
      url,
      status: exchange.response?.status ?? null,
      outcome: exchange.outcome,
      calls,
    });
  }

  /** In the order of their newest calls. */
  deliveries(): WebhookDelivery[] {
    return [...this.#byKey.values()];
  }
}
