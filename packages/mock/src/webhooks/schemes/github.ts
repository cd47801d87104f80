import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

function eventOf(request: WebhookRequest): string | undefined {
  const event = header(request.headers, 'x-github-event');
  const action = textAt(jsonOf(request), 'action');
  return event === undefined || action === undefined ? event : `${event}.${action}`;
}

/** https://docs.github.com/en/webhooks: ten seconds, and no retries but those asked for by hand. */
export const GITHUB: WebhookScheme = {
  name: 'github',
  title: 'GitHub',
  secretNeed: 'signs',
  secretIs: 'the secret of the webhook',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-github-event') !== undefined,
  eventOf,
  deliveryOf: ({ headers }) => header(headers, 'x-github-delivery'),
  sign: ({ headers, body }, secret) => {
    const signed = withHeader(
      headers,
      'X-Hub-Signature-256',
      `sha256=${hmac('sha256', secret, [body], 'hex')}`,
    );
    if (header(headers, 'x-hub-signature') === undefined) return { headers: signed };
    const old = `sha1=${hmac('sha1', secret, [body], 'hex')}`;
    return { headers: withHeader(signed, 'X-Hub-Signature', old) };
  },
  retry: () => ONE_ATTEMPT,
};
