import { hash } from 'node:crypto';
import { header } from '@calltape/store';
import { formOf } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { parameterNames, withParameter } from '../query-parameters.ts';
import { ONE_ATTEMPT } from '../retry-policy.ts';
import type { Signed, WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

const HASH_OF_BODY = 'bodySHA256';

/** Names in the order of their characters, each with its distinct values in order. */
function fieldsText(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].toSorted(byCharacters);
  return names
    .flatMap((name) =>
      [...new Set(form.getAll(name))].toSorted(byCharacters).map((value) => name + value),
    )
    .join('');
}

function byCharacters(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function sign({ url, headers, body, ...request }: WebhookRequest, secret: string): Signed {
  const parameters: [string, string][] = parameterNames(url).includes(HASH_OF_BODY)
    ? [[HASH_OF_BODY, hash('sha256', body, 'hex')]]
    : [];
  const signedUrl = parameters.reduce(
    (text, [name, value]) => withParameter(text, name, value),
    url,
  );
  const fields = fieldsText(formOf({ ...request, url, headers, body }));
  const signature = hmac('sha1', secret, [signedUrl, fields], 'base64');
  return { headers: withHeader(headers, 'X-Twilio-Signature', signature), parameters };
}

function eventOf(request: WebhookRequest): string | undefined {
  const form = formOf(request);
  const call = form.get('CallStatus');
  if (call !== null) return `call.${call}`;
  const message = form.get('MessageStatus') ?? form.get('SmsStatus');
  return message === null ? undefined : `message.${message}`;
}

/**
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: fifteen seconds, and a
 * second attempt only where no connection came about.
 */
export const TWILIO: WebhookScheme = {
  name: 'twilio',
  title: 'Twilio',
  secretNeed: 'signs',
  secretIs: 'the auth token of the Twilio account',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-twilio-signature') !== undefined,
  eventOf,
  deliveryOf: ({ headers }) => header(headers, 'i-twilio-idempotency-token'),
  sign,
  retry: () => ({
    ...ONE_ATTEMPT,
    timeoutMs: 15_000,
    delaysMs: [0],
    retriesAfter: ({ kind }) => kind === 'connect',
  }),
};
