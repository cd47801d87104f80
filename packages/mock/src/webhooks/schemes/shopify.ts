import { header } from '@calltape/store';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { doubling, HOUR, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

/** Webhooks have names that begin with X-, the newer events the same without. */
function field({ headers }: WebhookRequest, name: string): string | undefined {
  return header(headers, `x-shopify-${name}`) ?? header(headers, `shopify-${name}`);
}

/** https://shopify.dev/docs/apps/build/webhooks: five seconds, eight retries in four hours. */
export const SHOPIFY: WebhookScheme = {
  name: 'shopify',
  title: 'Shopify',
  secretNeed: 'signs',
  secretIs: 'the client secret of the Shopify app',
  isSure: true,
  sent: (request) => field(request, 'hmac-sha256') !== undefined,
  eventOf: (request) => field(request, 'topic'),
  deliveryOf: (request) => field(request, 'webhook-id'),
  sign: ({ headers, body }, secret) => {
    const isEvent = header(headers, 'shopify-hmac-sha256') !== undefined;
    const name = isEvent ? 'Shopify-Hmac-Sha256' : 'X-Shopify-Hmac-Sha256';
    return { headers: withHeader(headers, name, hmac('sha256', secret, [body], 'base64')) };
  },
  retry: () => ({ ...ONE_ATTEMPT, timeoutMs: 5000, delaysMs: doubling(8, 4 * HOUR) }),
};
