import { ONE_ATTEMPT } from '../retry-policy.ts';
import type { WebhookScheme } from '../scheme.ts';

/** Calls of anybody else go out as they were recorded. */
export const OTHER: WebhookScheme = {
  name: 'other',
  title: 'Anybody else',
  secretNeed: 'none',
  secretIs: 'no secret: nothing is known of its signature',
  isSure: false,
  sent: () => false,
  eventOf: () => undefined,
  deliveryOf: () => undefined,
  sign: ({ headers }) => ({ headers }),
  retry: () => ONE_ATTEMPT,
};
