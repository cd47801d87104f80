import type { FlatHeaders } from './draft.ts';

const DOMAIN = /;\s*domain\s*=\s*\.?(?<domain>[^;]*)/i;

const WHOLE_VALUE: ReadonlySet<string> = new Set(['location', 'content-location']);

function movedValue(name: string, value: string, move: (url: string) => string): string {
  const lower = name.toLowerCase();
  if (WHOLE_VALUE.has(lower)) return move(value);
  if (lower !== 'link') return value;
  // RFC 8288 section 3: the target of each link stands in angle brackets.
  return value.replaceAll(/<([^>]*)>/g, (_, url: string) => `<${move(url)}>`);
}

/**
 * Moves the URLs in Location, Content-Location and Link, so that a client that follows them stays
 * with calltape. Returns the list it was given when nothing moves.
 *
 * @param move - Gives a URL its new place, or the same one back.
 */
export function withMovedUrls(headers: FlatHeaders, move: (url: string) => string): FlatHeaders {
  const moved = headers.map((text, at) =>
    at % 2 === 0 ? text : movedValue(headers[at - 1] ?? '', text, move),
  );
  return moved.every((text, at) => text === headers[at]) ? headers : moved;
}

const PATH = /(?<name>;\s*path\s*=\s*)(?<path>[^;]*)/i;

/**
 * A cookie for a path of an API would not be sent to where that path is found; without a path of its
 * own it needs no other (RFC 6265 section 5.1.4).
 *
 * @param cookie - The value of a Set-Cookie field.
 * @param move - Gives a path its new place; undefined for one that has none.
 */
export function cookieAtPath(cookie: string, move: (path: string) => string | undefined): string {
  const { name = '', path = '' } = PATH.exec(cookie)?.groups ?? {};
  const at = path.startsWith('/') ? move(path.trim()) : undefined;
  return at === undefined ? cookie : cookie.replace(PATH, () => name + at);
}

/**
 * A cookie for an API's domain would be refused by a client that knows the API under another name;
 * without the attribute the cookie belongs to the host it came from (RFC 6265 section 5.3).
 *
 * @param cookie - The value of a Set-Cookie field.
 * @param hostnames - Where the API is, in lower case.
 */
export function movedCookie(cookie: string, hostnames: Iterable<string>): string {
  const domain = DOMAIN.exec(cookie)?.groups?.['domain']?.trim().toLowerCase() ?? '';
  if (domain === '') return cookie;
  for (const hostname of hostnames) {
    if (hostname === domain || hostname.endsWith(`.${domain}`)) return cookie.replace(DOMAIN, '');
  }
  return cookie;
}
