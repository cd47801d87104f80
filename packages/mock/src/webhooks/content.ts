import { header } from '@calltape/store';
import type { WebhookRequest } from './webhook-request.ts';

const MOST_READ_BYTES = 4 * 1024 * 1024;

/** The content as a value of JSON; undefined when it is none. */
export function jsonOf({ body }: { readonly body: Uint8Array }): unknown {
  if (body.length === 0 || body.length > MOST_READ_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}

/** The fields of a form; empty when the content is none. */
export function formOf(request: WebhookRequest): URLSearchParams {
  const type = header(request.headers, 'content-type') ?? '';
  const isForm = /^\s*application\/x-www-form-urlencoded\b/i.test(type);
  if (!isForm || request.body.length > MOST_READ_BYTES) return new URLSearchParams();
  return new URLSearchParams(Buffer.from(request.body).toString());
}

/** What is at the end of a path of names and places into a value of JSON. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, step);
    found = isThere ? Reflect.get(Object(found), step) : undefined;
  }
  return found;
}

/** The same where it is a text that says something, or a number; else undefined. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
