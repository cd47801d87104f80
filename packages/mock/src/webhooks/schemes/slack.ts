import { header } from '@calltape/store';
import { formOf, jsonOf, textAt } from '../content.ts';
import { withHeader } from '../header-lines.ts';
import { hmac } from '../hmac.ts';
import { isSuccess, MINUTE, ONE_ATTEMPT, reasonWord, says } from '../retry-policy.ts';
import type { RetryPolicy } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

function eventOf(request: WebhookRequest): string | undefined {
  const json = jsonOf(request);
  if (json !== undefined) return textAt(json, 'event', 'type') ?? textAt(json, 'type');
  const form = formOf(request);
  const payload = jsonOf({ body: Buffer.from(form.get('payload') ?? '') });
  return form.get('command') ?? textAt(payload, 'type');
}

// Slash commands and clicks are sent once: a person waits for the answer.
const ONCE: RetryPolicy = { ...ONE_ATTEMPT, timeoutMs: 3000 };

/** https://docs.slack.dev/apis/events-api: at once, after one and after five minutes. */
const EVENTS: RetryPolicy = {
  ...ONCE,
  delaysMs: [0, MINUTE, 5 * MINUTE],
  accepts: (answer, request) => {
    const json = jsonOf(request);
    if (textAt(json, 'type') !== 'url_verification') return isSuccess(answer);
    const challenge = textAt(json, 'challenge') ?? '';
    return isSuccess(answer) && Buffer.from(answer.body).toString().includes(challenge);
  },
  retriesAfter: (failure) =>
    failure.kind !== 'answer' || !says(failure.answer, 'x-slack-no-retry', '1'),
  marks: ['x-slack-retry-num', 'x-slack-retry-reason'],
  markOf: ({ number, last }) => [
    ['X-Slack-Retry-Num', String(number)],
    ['X-Slack-Retry-Reason', reasonWord(last, 'connection_failed')],
  ],
};

export const SLACK: WebhookScheme = {
  name: 'slack',
  title: 'Slack',
  secretNeed: 'signs',
  secretIs: 'the signing secret of the Slack app',
  isSure: true,
  sent: ({ headers }) => header(headers, 'x-slack-signature') !== undefined,
  eventOf,
  deliveryOf: (request) =>
    textAt(jsonOf(request), 'event_id') ?? formOf(request).get('trigger_id') ?? undefined,
  sign: ({ headers, body }, secret, now) => {
    const time = String(Math.floor(now / 1000));
    const signature = hmac('sha256', secret, [`v0:${time}:`, body], 'hex');
    const dated = withHeader(headers, 'X-Slack-Request-Timestamp', time);
    return { headers: withHeader(dated, 'X-Slack-Signature', `v0=${signature}`) };
  },
  retry: (request) => (jsonOf(request) === undefined ? ONCE : EVENTS),
};
