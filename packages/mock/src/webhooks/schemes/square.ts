import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { DAY, doubling, ONE_ATTEMPT, reasonWord } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** https://developer.squareup.com/docs/webhooks/overview: eleven retries in a day. */
export const SQUARE: WebhookScheme = {
  name: 'square',
  title: 'Square',
  secretNeed: 'signs',
  secretIs: 'the signature key of the webhook subscription',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-square-hmacsha256-signature') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 'type'),
  deliveryOf: (request) => textAt(jsonOf(request), 'event_id'),
  sign: ({ url, headers, body }, secret) => ({
    headers: withHeader(
      headers,
      'x-square-hmacsha256-signature',
      hmac('sha256', secret, [url, body], 'base64'),
    ),
  }),
  retry: () => ({
    ...ONE_ATTEMPT,
    delaysMs: doubling(11, DAY),
    marks: ['square-retry-number', 'square-retry-reason', 'square-initial-delivery-timestamp'],
    markOf: ({ number, last, firstAt }) => [
      ['square-retry-number', String(number)],
      ['square-retry-reason', reasonWord(last, 'other_error')],
      ['square-initial-delivery-timestamp', new Date(firstAt).toISOString()],
    ],
  }),
};
