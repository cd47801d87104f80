import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { DAY, even, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/**
 * https://developer.paypal.com/api/rest/webhooks: signed with PayPal's own private key, so nobody
 * else can sign; up to 25 retries in three days.
 */
export const PAYPAL: WebhookScheme = {
  name: 'paypal',
  title: 'PayPal',
  secretNeed: 'none',
  secretIs: 'no secret: only PayPal has the private key that signs',
  isSure: true,
  sent: ({ headers }) => header(headers, 'paypal-transmission-sig') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 'event_type'),
  deliveryOf: (request) => textAt(jsonOf(request), 'id'),
  sign: ({ headers }) => ({ headers }),
  retry: () => ({ ...ONE_ATTEMPT, delaysMs: even(25, 3 * DAY) }),
};
