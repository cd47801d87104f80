import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { DAY, doubling, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** https://razorpay.com/docs/webhooks: retried for a day; the intervals are not published. */
export const RAZORPAY: WebhookScheme = {
  name: 'razorpay',
  title: 'Razorpay',
  secretNeed: 'signs',
  secretIs: 'the secret of the webhook',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-razorpay-signature') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 'event'),
  deliveryOf: ({ headers }) => header(headers, 'x-razorpay-event-id'),
  sign: ({ headers, body }, secret) => ({
    headers: withHeader(headers, 'X-Razorpay-Signature', hmac('sha256', secret, [body], 'hex')),
  }),
  retry: () => ({ ...ONE_ATTEMPT, timeoutMs: 5000, delaysMs: doubling(8, DAY) }),
};
