import { header } from '@calltape/store';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { doubling, HOUR, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** https://shopify.dev/docs/apps/build/webhooks: five seconds, eight retries in four hours. */
export const SHOPIFY: WebhookScheme = {
  name: 'shopify',
  title: 'Shopify',
  secretNeed: 'signs',
  secretIs: 'the client secret of the Shopify app',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-shopify-hmac-sha256') !== undefined,
  eventOf: ({ headers }) => header(headers, 'x-shopify-topic'),
  deliveryOf: ({ headers }) => header(headers, 'x-shopify-webhook-id'),
  sign: ({ headers, body }, secret) => ({
    headers: withHeader(headers, 'X-Shopify-Hmac-Sha256', hmac('sha256', secret, [body], 'base64')),
  }),
  retry: () => ({ ...ONE_ATTEMPT, timeoutMs: 5000, delaysMs: doubling(8, 4 * HOUR) }),
};
