import { createHash } from 'node:crypto';
import { header, type HeaderLine } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { DAY, doubling, ONE_ATTEMPT } from '../retry-policy.ts';
import type { Signed, WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

function sign(request: WebhookRequest, secret: string, now: number): Signed {
  const { method, url, body } = request;
  const signature = hmac('sha256', secret, [method, url, body, String(now)], 'base64');
  const older = withOlderSignature(request, secret);
  const dated = withHeader(older, 'X-HubSpot-Request-Timestamp', String(now));
  return { headers: withHeader(dated, 'X-HubSpot-Signature-v3', signature) };
}

/** Versions 1 and 2 come along in a header of their own; apps may look there still. */
function withOlderSignature(
  { method, url, headers, body }: WebhookRequest,
  secret: string,
): readonly HeaderLine[] {
  if (header(headers, 'x-hubspot-signature') === undefined) return headers;
  const start =
    header(headers, 'x-hubspot-signature-version') === 'v2' ? secret + method + url : secret;
  const digest = createHash('sha256').update(start).update(body).digest('hex');
  return withHeader(headers, 'X-HubSpot-Signature', digest);
}

/** https://developers.hubspot.com/docs/apps: five seconds, ten retries in a day. */
export const HUBSPOT: WebhookScheme = {
  name: 'hubspot',
  title: 'HubSpot',
  secretNeed: 'signs',
  secretIs: 'the client secret of the HubSpot app',
  isSure: true,
  sent: ({ headers }) =>
    header(headers, 'x-hubspot-signature-v3') !== undefined ||
    header(headers, 'x-hubspot-signature') !== undefined,
  eventOf: (request) => textAt(jsonOf(request), 0, 'subscriptionType'),
  deliveryOf: (request) => textAt(jsonOf(request), 0, 'eventId'),
  sign,
  retry: () => ({ ...ONE_ATTEMPT, timeoutMs: 5000, delaysMs: doubling(10, DAY) }),
};
