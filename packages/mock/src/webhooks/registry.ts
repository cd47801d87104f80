import { DISCORD } from './schemes/discord.ts';
import { GITHUB } from './schemes/github.ts';
import { HUBSPOT } from './schemes/hubspot.ts';
import { MAILCHIMP } from './schemes/mailchimp.ts';
import { META } from './schemes/meta.ts';
import { OTHER } from './schemes/other.ts';
import { PAYPAL } from './schemes/paypal.ts';
import { RAZORPAY } from './schemes/razorpay.ts';
import { SALESFORCE } from './schemes/salesforce.ts';
import { SHIPROCKET } from './schemes/shiprocket.ts';
import { SHOPIFY } from './schemes/shopify.ts';
import { SLACK } from './schemes/slack.ts';
import { SQUARE } from './schemes/square.ts';
import { STRIPE } from './schemes/stripe.ts';
import { TWILIO } from './schemes/twilio.ts';
import { WOOCOMMERCE } from './schemes/woocommerce.ts';
import { X } from './schemes/x.ts';
import { ZAPIER } from './schemes/zapier.ts';
import type { WebhookProvider, WebhookScheme } from './scheme.ts';

/**
 * Every scheme, asked in this order whether a request is its own. GitHub sends the header that Meta is
 * known by, so it comes first. `other` is for calls that nobody else claims.
 */
export const SCHEMES: readonly WebhookScheme[] = [
  STRIPE,
  SLACK,
  SHOPIFY,
  TWILIO,
  GITHUB,
  PAYPAL,
  SQUARE,
  RAZORPAY,
  WOOCOMMERCE,
  DISCORD,
  HUBSPOT,
  META,
  X,
  SALESFORCE,
  SHIPROCKET,
  MAILCHIMP,
  ZAPIER,
  OTHER,
];

/** The names that a provider can be given by. */
export const WEBHOOK_PROVIDERS: readonly WebhookProvider[] = SCHEMES.map(({ name }) => name);

export function schemeOf(provider: WebhookProvider): WebhookScheme {
  return SCHEMES.find(({ name }) => name === provider) ?? OTHER;
}
