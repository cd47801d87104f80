import type { FlatHeaders } from './draft.ts';
import { placeholder } from './placeholder.ts';
import { BoundedCache } from './redact-cache.ts';
import { ruleFor } from './redact-headers.ts';
import { redactText } from './redact-text.ts';

/** Replaces secrets in what is about to be stored; what it is given stays as it is. */
export interface Redactor {
  /** A name, value, name, value, ... list; the same one when nothing in it is secret. */
  headers(flat: FlatHeaders): FlatHeaders;
  /** User and password, secret query parameters and keys by their shape. */
  url(url: string): string;
  /** Keys by their shape and secrets by their place in a URL, anywhere in a text. */
  text(text: string): string;
}

const CACHED_SECRETS = 1000;
const CACHED_NAMES = 500;

/**
 * Equal secrets become equal placeholders, in whatever header or URL they are, as long as the key
 * is the same.
 *
 * @param key - From `loadSecretKey`.
 */
export function createRedactor(key: Buffer): Redactor {
  const placeholders = new BoundedCache(CACHED_SECRETS, (secret) => placeholder(secret, key));
  const rules = new BoundedCache(CACHED_NAMES, ruleFor);
  const replace = (secret: string): string => (secret === '' ? '' : placeholders.get(secret));
  return {
    headers(flat) {
      const redacted = flat.map((text, at) =>
        at % 2 === 0 ? text : rules.get(flat[at - 1] ?? '')(text, replace),
      );
      return redacted.every((text, at) => text === flat[at]) ? flat : redacted;
    },
    url: (url) => redactText(url, replace),
    text: (text) => redactText(text, replace),
  };
}
