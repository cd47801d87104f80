import { createHmac } from 'node:crypto';
import type { FlatHeaders } from './draft.ts';
import { placeholder } from './placeholder.ts';
import { redactBody } from './redact-body.ts';
import type { BodyToStore, StoredBody } from './redact-body.ts';
import { BoundedCache } from './redact-cache.ts';
import { ContentRedactor } from './redact-content.ts';
import { HeaderRedactor } from './redact-headers.ts';
import { NO_RULES } from './redact-rules.ts';
import type { RedactRules } from './redact-rules.ts';
import { UrlRedactor } from './redact-url.ts';

/** Replaces secrets in what is about to be stored; what it is given stays as it is. */
export interface Redactor {
  /** A name, value, name, value, ... list; the same one when nothing in it is secret. */
  headers(flat: FlatHeaders): FlatHeaders;
  /** User and password, secret query parameters and keys by their shape. */
  url(url: string): string;
  /** Any text: a message of a WebSocket, an error message. */
  text(text: string): string;
  /**
   * The content of a message, of the same length unless it is compressed; the same bytes when nothing
   * in them is secret, and none when they could not be searched.
   *
   * @param contentType - The whole field; empty when there is none.
   * @param contentEncoding - The whole field; empty when there is none.
   * @param isCut - Whether more came than is here.
   */
  body(bytes: Uint8Array, contentType: string, contentEncoding: string, isCut: boolean): Uint8Array;
  /** As `body`, with what there is to say of it. */
  storedBody(body: BodyToStore): StoredBody;
  /** A hash that nobody can try guesses with. */
  seal(hash: Uint8Array): Uint8Array;
}

export interface RedactorOptions {
  /** What to redact besides what always is. */
  readonly rules?: RedactRules;
  /** Is told of placeholders that are new, and of ones that it has been told of long ago. */
  readonly onPlaceholder?: (placeholder: string) => void;
}

const CACHED_SECRETS = 1000;

/**
 * Equal secrets become equal placeholders, wherever they are, as long as the key is the same.
 *
 * @param key - From `loadSecretKey`.
 */
export function createRedactor(key: Buffer, options: RedactorOptions = {}): Redactor {
  const { onPlaceholder } = options;
  const placeholders = new BoundedCache(CACHED_SECRETS, (secret) => {
    const issued = placeholder(secret, key);
    onPlaceholder?.(issued);
    return issued;
  });
  return redactorWith((secret) => (secret === '' ? '' : placeholders.get(secret)), {
    rules: options.rules ?? NO_RULES,
    seal: (hash) => createHmac('sha256', key).update(hash).digest(),
  });
}

export interface RedactorParts {
  readonly rules: RedactRules;
  readonly seal: (hash: Uint8Array) => Uint8Array;
}

/** A redactor that puts anything in the place of secrets. */
export function redactorWith(
  replace: (secret: string) => string,
  { rules, seal }: RedactorParts,
): Redactor {
  const headers = new HeaderRedactor(replace, rules);
  const urls = new UrlRedactor(replace, rules);
  const content = new ContentRedactor(replace, rules);
  const storedBody = (body: BodyToStore): StoredBody => redactBody(body, content);
  return {
    headers: (flat) => headers.redact(flat),
    url: (url) => urls.redact(url),
    text: (text) => redactUnicode(text, content),
    body: (bytes, type, coding, isCut) =>
      storedBody({ bytes, size: bytes.length + (isCut ? 1 : 0), type, coding }).bytes,
    storedBody,
    seal,
  };
}

/** A secret has one placeholder, whether it is met in bytes or as text: both are looked at as bytes. */
function redactUnicode(text: string, content: ContentRedactor): string {
  const bytes = Buffer.from(text).toString('latin1');
  let redacted: string;
  try {
    redacted = content.redact(bytes, '');
  } catch (error) {
    // Too much for a regular expression's stack: what cannot be searched is not kept.
    if (error instanceof RangeError) return '';
    throw error;
  }
  return redacted === bytes ? text : Buffer.from(redacted, 'latin1').toString();
}
