import { header } from '@calltape/store';
import { at, jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { parameter } from '../query-parameters.ts';
import { doubling, HOUR, isSuccess, ONE_ATTEMPT } from '../retry-policy.ts';
import type { Signed, WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

const CHALLENGE = 'hub.challenge';

function isHandshake({ method, url }: WebhookRequest): boolean {
  return method === 'GET' && parameter(url, CHALLENGE) !== undefined;
}

function sign(request: WebhookRequest, secret: string): Signed {
  const { headers, body } = request;
  if (isHandshake(request)) return { headers, parameters: [['hub.verify_token', secret]] };
  const signature = `sha256=${hmac('sha256', secret, [body], 'hex')}`;
  const signed = withHeader(headers, 'X-Hub-Signature-256', signature);
  if (header(headers, 'x-hub-signature') === undefined) return { headers: signed };
  const old = `sha1=${hmac('sha1', secret, [body], 'hex')}`;
  return { headers: withHeader(signed, 'X-Hub-Signature', old) };
}

function eventOf(request: WebhookRequest): string | undefined {
  if (isHandshake(request)) return 'verification';
  const json = jsonOf(request);
  const object = textAt(json, 'object');
  const hasMessages = at(json, 'entry', 0, 'messaging') !== undefined;
  const field = textAt(json, 'entry', 0, 'changes', 0, 'field');
  const what = field ?? (hasMessages ? 'messaging' : undefined);
  return object === undefined || what === undefined ? object : `${object}.${what}`;
}

/**
 * Facebook, Instagram and WhatsApp. https://developers.facebook.com/docs/graph-api/webhooks: at
 * once, then ever less often for 36 hours.
 */
export const META: WebhookScheme = {
  name: 'meta',
  title: 'Facebook, Instagram',
  secretNeed: 'signs',
  secretIs: 'the app secret; for its GET request at set-up the verify token',
  isSure: true,
  sent: (request) =>
    header(request.headers, 'x-hub-signature-256') !== undefined || isHandshake(request),
  eventOf,
  deliveryOf: () => undefined,
  sign,
  retry: (request) =>
    isHandshake(request)
      ? {
          ...ONE_ATTEMPT,
          accepts: (answer) =>
            isSuccess(answer) &&
            Buffer.from(answer.body).toString() === parameter(request.url, CHALLENGE),
        }
      : { ...ONE_ATTEMPT, delaysMs: [0, ...doubling(7, 36 * HOUR)] },
};
