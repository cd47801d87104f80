import type { HeaderLine } from '@calltape/store';
import type { RetryPolicy } from './retry-policy.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** The providers whose webhooks are known, and `other` for calls of anybody else. */
export type WebhookProvider =
  | 'stripe'
  | 'slack'
  | 'shopify'
  | 'twilio'
  | 'github'
  | 'paypal'
  | 'square'
  | 'razorpay'
  | 'woocommerce'
  | 'discord'
  | 'hubspot'
  | 'mailchimp'
  | 'meta'
  | 'x'
  | 'salesforce'
  | 'shiprocket'
  | 'zapier'
  | 'other';

/** What a request goes out with once it is signed. */
export interface Signed {
  readonly headers: readonly HeaderLine[];
  /** Parameters of the query that get another value. */
  readonly parameters?: readonly HeaderLine[];
}

/** How much a secret matters: without it there is no signature, or it replaces a token, or there is none. */
export type SecretNeed = 'signs' | 'token' | 'none';

/** How one provider calls an app. To add one: its file in `schemes/`, and a line in `registry.ts`. */
export interface WebhookScheme {
  readonly name: WebhookProvider;
  /** As the provider writes itself. */
  readonly title: string;
  readonly secretNeed: SecretNeed;
  /** Completes "needs ...": where the secret is found. */
  readonly secretIs: string;
  /** Whether a request shows, by its signature or by what it holds, that this provider sent it. */
  readonly sent: (request: WebhookRequest) => boolean;
  /** Whether `sent` is sure of itself; else it is asked about calls to machines nearby alone. */
  readonly isSure: boolean;
  readonly eventOf: (request: WebhookRequest) => string | undefined;
  /** What stays the same when a delivery is tried again; undefined when only the bytes do. */
  readonly deliveryOf: (request: WebhookRequest) => string | undefined;
  /**
   * Signs as the provider does, now.
   *
   * @param now - Milliseconds since the Unix epoch.
   * @throws MockError WEBHOOK_SECRET_INVALID when such a secret cannot sign.
   */
  readonly sign: (request: WebhookRequest, secret: string, now: number) => Signed;
  readonly retry: (request: WebhookRequest) => RetryPolicy;
}
