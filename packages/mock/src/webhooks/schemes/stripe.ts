import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { DAY, doubling, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** https://docs.stripe.com/webhooks: retried for three days; the intervals are not published. */
export const STRIPE: WebhookScheme = {
  name: 'stripe',
  title: 'Stripe',
  secretNeed: 'signs',
  secretIs: 'the signing secret of the endpoint (whsec_...)',
  isSure: true,
  sent: ({ headers }) => header(headers, 'stripe-signature') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 'type'),
  deliveryOf: (request) => textAt(jsonOf(request), 'id'),
  sign: ({ headers, body }, secret, now) => {
    const time = Math.floor(now / 1000);
    const signature = hmac('sha256', secret, [`${time}.`, body], 'hex');
    return { headers: withHeader(headers, 'Stripe-Signature', `t=${time},v1=${signature}`) };
  },
  retry: () => ({ ...ONE_ATTEMPT, delaysMs: doubling(8, 3 * DAY) }),
};
