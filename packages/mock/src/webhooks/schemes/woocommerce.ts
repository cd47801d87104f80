import { header } from '@calltape/store';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { MINUTE, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** The shop sends once, waits a minute, and takes 301 and 302 for success too. */
export const WOOCOMMERCE: WebhookScheme = {
  name: 'woocommerce',
  title: 'WooCommerce',
  secretNeed: 'signs',
  secretIs: 'the secret of the webhook',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-wc-webhook-signature') !== undefined,
  eventOf: ({ headers }) => header(headers, 'x-wc-webhook-topic'),
  deliveryOf: ({ headers }) => header(headers, 'x-wc-webhook-delivery-id'),
  sign: ({ headers, body }, secret) => ({
    headers: withHeader(
      headers,
      'X-WC-Webhook-Signature',
      hmac('sha256', secret, [body], 'base64'),
    ),
  }),
  retry: () => ({
    ...ONE_ATTEMPT,
    timeoutMs: MINUTE,
    accepts: ({ status }) => status >= 200 && status < 303,
  }),
};
