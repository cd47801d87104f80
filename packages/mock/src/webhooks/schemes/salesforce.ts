import { header } from '@calltape/store';
import { DAY, doublingUpTo, HOUR, isSuccess, MINUTE, ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';
import type { WebhookRequest } from '../webhook-request.ts';

function textOf({ body }: { readonly body: Uint8Array }): string {
  return Buffer.from(body).toString();
}

function sent(request: WebhookRequest): boolean {
  const isXml = /\bxml\b/i.test(header(request.headers, 'content-type') ?? '');
  return isXml && textOf(request).includes('http://soap.sforce.com/2005/09/outbound');
}

/**
 * Outbound messages are not signed. An app has to acknowledge one in SOAP, within a minute; else it
 * comes again for a day, ever less often but at least every two hours.
 */
export const SALESFORCE: WebhookScheme = {
  name: 'salesforce',
  title: 'Salesforce outbound message',
  secretNeed: 'none',
  secretIs: 'no secret: outbound messages are not signed',
  isSure: false,
  sent,
  eventOf: (request) => /<sObject\b[^>]*\btype="(?:[\w-]+:)?(\w+)"/.exec(textOf(request))?.[1],
  deliveryOf: (request) => /<Notification>\s*<Id>(\w+)<\/Id>/.exec(textOf(request))?.[1],
  sign: ({ headers }) => ({ headers }),
  retry: () => ({
    ...ONE_ATTEMPT,
    timeoutMs: MINUTE,
    delaysMs: doublingUpTo(MINUTE, 2 * HOUR, DAY),
    accepts: (answer) => isSuccess(answer) && /<(?:\w+:)?Ack>\s*true\s*</.test(textOf(answer)),
  }),
};
