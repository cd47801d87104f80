import type { Exchange } from '@calltape/store';
import { isNearby } from './nearby.ts';
import { OTHER } from './schemes/other.ts';
import { SCHEMES } from './registry.ts';
import type { WebhookProvider, WebhookScheme } from './scheme.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** What a recorded call to the app is, as far as it can be read. */
export interface RecognisedWebhook {
  readonly provider: WebhookProvider;
  /** The type of the event, in the provider's words; null where none can be read. */
  readonly event: string | null;
}

/** A call as a signature sees it. */
export function requestOf({ request }: Exchange): WebhookRequest {
  const { method, url, headers, body } = request;
  return { method, url, headers, body: body.bytes };
}

/** The scheme of a recorded call; null when no provider is known to have made it. */
export function schemeOfCall(exchange: Exchange): WebhookScheme | null {
  const request = requestOf(exchange);
  const sure = SCHEMES.find(({ isSure, sent }) => isSure && sent(request));
  if (sure !== undefined || !isInbound(exchange)) return sure ?? null;
  return (
    SCHEMES.find(({ isSure, sent }) => !isSure && sent(request)) ?? schemeOfPath(request) ?? null
  );
}

/**
 * Whether a call went to an app nearby, as those do that a recorder in front of the app was made
 * from, and not out to somebody's API.
 */
export function isInbound({ request }: Exchange): boolean {
  return isNearby(URL.parse(request.url)?.hostname ?? '.');
}

/** Whose webhook a recorded call is; null when it is none that is known. */
export function recogniseWebhook(exchange: Exchange): RecognisedWebhook | null {
  const scheme = schemeOfCall(exchange);
  return scheme === null ? null : describeAs(scheme, requestOf(exchange));
}

export function describeAs(scheme: WebhookScheme, request: WebhookRequest): RecognisedWebhook {
  return { provider: scheme.name, event: scheme.eventOf(request) ?? null };
}

const HOOK_WORD = /^(?:web)?hooks?$|^callbacks?$|^notifications?$|^events?$|^interactions?$/;

/** Names that paths have for providers which are called something else here. */
const ALIASES: ReadonlyMap<string, WebhookProvider> = new Map<string, WebhookProvider>([
  ['facebook', 'meta'],
  ['instagram', 'meta'],
  ['whatsapp', 'meta'],
  ['messenger', 'meta'],
  ['twitter', 'x'],
]);

/** `/webhooks/stripe`, `/api/stripe/webhook`, `/stripe-webhook`: the provider beside such a word. */
function schemeOfPath({ method, url }: WebhookRequest): WebhookScheme | undefined {
  if (method !== 'POST') return undefined;
  const words = (URL.parse(url)?.pathname ?? '').toLowerCase().split(/[/._-]+/);
  if (!words.some((word) => HOOK_WORD.test(word))) return undefined;
  return SCHEMES.find(
    (scheme) =>
      scheme !== OTHER && words.some((word) => (ALIASES.get(word) ?? word) === scheme.name),
  );
}
