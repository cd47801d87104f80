import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** Nothing is signed: a token comes along in a header. Of retries nothing is published. */
export const SHIPROCKET: WebhookScheme = {
  name: 'shiprocket',
  title: 'Shiprocket',
  secretNeed: 'token',
  secretIs: 'the token of the webhook',
  isSure: false,
  sent: (request) =>
    header(request.headers, 'x-api-key') !== undefined &&
    textAt(jsonOf(request), 'awb') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 'current_status'),
  deliveryOf: () => undefined,
  sign: ({ headers }, secret) => ({ headers: withHeader(headers, 'x-api-key', secret) }),
  retry: () => ONE_ATTEMPT,
};
