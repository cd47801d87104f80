import { header } from '@calltape/store';
import { jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { parameter } from '../query-parameters.ts';
import { doubling, isSuccess, MINUTE, ONE_ATTEMPT } from '../retry-policy.ts';
import type { RetryPolicy } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

function crcToken({ method, url }: WebhookRequest): string | undefined {
  return method === 'GET' ? parameter(url, 'crc_token') : undefined;
}

function signature(secret: string, content: string | Uint8Array): string {
  return `sha256=${hmac('sha256', secret, [content], 'base64')}`;
}

function eventOf(request: WebhookRequest): string | undefined {
  if (crcToken(request) !== undefined) return 'crc';
  const names = Object.keys(Object(jsonOf(request)));
  return (
    names.find((name) => name.endsWith('_events')) ?? textAt(jsonOf(request), 'data', 'event_type')
  );
}

/** The answer to a challenge proves that the app has the secret. */
const CHALLENGE: RetryPolicy = {
  ...ONE_ATTEMPT,
  timeoutMs: 3000,
  accepts: (answer, request, secret) =>
    isSuccess(answer) &&
    (secret === '' ||
      textAt(jsonOf(answer), 'response_token') === signature(secret, crcToken(request) ?? '')),
};

/** https://docs.x.com/x-api/webhooks: 200 within three seconds, three retries in five minutes. */
const EVENTS: RetryPolicy = {
  ...ONE_ATTEMPT,
  timeoutMs: 3000,
  delaysMs: doubling(3, 5 * MINUTE),
  accepts: ({ status }) => status === 200,
};

export const X: WebhookScheme = {
  name: 'x',
  title: 'X (Twitter)',
  secretNeed: 'signs',
  secretIs: 'the consumer secret of the app',
  isSure: true,
  sent: (request) =>
    header(request.headers, 'x-twitter-webhooks-signature') !== undefined ||
    crcToken(request) !== undefined,
  eventOf,
  deliveryOf: () => undefined,
  sign: (request, secret) => {
    const { headers, body, url } = request;
    const query = url.slice(url.indexOf('?') + 1);
    const signed = crcToken(request) === undefined ? body : query;
    return {
      headers: withHeader(headers, 'x-twitter-webhooks-signature', signature(secret, signed)),
    };
  },
  retry: (request) => (crcToken(request) === undefined ? EVENTS : CHALLENGE),
};
