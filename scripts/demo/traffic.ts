import { setTimeout as delay } from 'node:timers/promises';
import { readStripeCustomers } from '../../test/stories/stripe.ts';
import { whoAmIOnSlack } from '../../test/stories/slack.ts';

const PAUSE_MS = 150;

/** What the mock does to the live traffic. */
export const LIVE_FAULTS = [
  'GET /v1/customers latency=lognormal(80ms,0.6)',
  'GET /v1/customers status=503 p=0.15',
  '* /api/auth.test status=429 retry-after=1 p=0.1',
];

/** Where the traffic goes: real calls through the recorders, the same calls to the mock. */
export interface Targets {
  readonly stripe: string;
  readonly slack: string;
  readonly mock: string;
}

async function keepCalling(call: () => Promise<unknown>, stopped: AbortSignal): Promise<void> {
  let turn = 0;
  while (!stopped.aborted) {
    // A failed call is part of the picture, not of the demo's business.
    await call().catch(() => undefined);
    turn += 1;
    await delay(PAUSE_MS * (1 + (turn % 3)), undefined, { signal: stopped }).catch(() => undefined);
  }
}

async function listThings(url: string, path: string): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: 'Bearer sk_test_51CalltapeStoryKey0123456789' },
  });
  return answer.text();
}

/** Calls that go on until the signal, from clients that retry and from one that does not. */
export async function makeTraffic(targets: Targets, stopped: AbortSignal): Promise<void> {
  await Promise.all([
    keepCalling(() => readStripeCustomers(targets.stripe), stopped),
    keepCalling(() => listThings(targets.stripe, '/v1/payment_intents?limit=3'), stopped),
    keepCalling(() => listThings(targets.stripe, '/v1/customers/cus_0nobody0here0'), stopped),
    keepCalling(() => whoAmIOnSlack(targets.slack), stopped),
    keepCalling(() => readStripeCustomers(targets.mock), stopped),
    keepCalling(() => whoAmIOnSlack(targets.mock), stopped),
  ]);
}
