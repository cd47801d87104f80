import { header } from '@calltape/store';
import { ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** "Webhooks by Zapier" signs nothing. */
export const ZAPIER: WebhookScheme = {
  name: 'zapier',
  title: 'Zapier',
  secretNeed: 'none',
  secretIs: 'no secret: Zapier signs nothing',
  isSure: false,
  sent: ({ headers }) => /^zapier\b/i.test(header(headers, 'user-agent') ?? ''),
  eventOf: () => undefined,
  deliveryOf: () => undefined,
  sign: ({ headers }) => ({ headers }),
  retry: () => ONE_ATTEMPT,
};
