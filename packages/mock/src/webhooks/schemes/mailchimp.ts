import { header } from '@calltape/store';
import { MockError } from '../../errors.ts';
import { formOf } from '../content.ts';
import { parameterNames } from '../query-parameters.ts';
import { doubling, MINUTE, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

const SECRET_NAME = /^(?:secret|key|token|auth|apikey|api_key|password)$/i;

function sent(request: WebhookRequest): boolean {
  if (/^mailchimp/i.test(header(request.headers, 'user-agent') ?? '')) return true;
  const form = formOf(request);
  return form.has('fired_at') && form.has('type');
}

/** Nothing is signed: the secret is a parameter of the URL that Mailchimp was given. */
export const MAILCHIMP: WebhookScheme = {
  name: 'mailchimp',
  title: 'Mailchimp',
  secretNeed: 'token',
  secretIs: 'the value of secret, key or token in the URL that Mailchimp calls',
  isSure: false,
  sent,
  eventOf: (request) =>
    request.method === 'GET' ? 'check' : (formOf(request).get('type') ?? undefined),
  deliveryOf: () => undefined,
  sign: ({ url, headers }, secret) => {
    const name = parameterNames(url).find((candidate) => SECRET_NAME.test(candidate));
    if (name !== undefined) return { headers, parameters: [[name, secret]] };
    throw new MockError(
      'WEBHOOK_SECRET_INVALID',
      'A webhook of Mailchimp has its secret in the URL, and in the query of this one there is no ' +
        'secret, key or token. Give the whole URL as the target.',
    );
  },
  // Told of by https://mailchimp.com/developer/release-notes: three times, and never after a 410.
  retry: () => ({
    ...ONE_ATTEMPT,
    delaysMs: doubling(3, 75 * MINUTE),
    retriesAfter: (failure) => failure.kind !== 'answer' || failure.answer.status !== 410,
  }),
};
