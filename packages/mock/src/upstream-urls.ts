import type { FlatHeaders } from '@calltape/store';
import { splitUrl } from './target.ts';

const WHOLE_VALUE: ReadonlySet<string> = new Set(['location', 'content-location']);

/** Gives a URL of one of the hosts the mock's origin; leaves every other as it is. */
function movedUrl(url: string, hosts: ReadonlySet<string>, origin: string): string {
  const parts = splitUrl(url);
  if (parts === undefined || !hosts.has(parts.host)) return url;
  const hash = url.indexOf('#');
  return origin + parts.target + (hash === -1 ? '' : url.slice(hash));
}

function movedValue(
  name: string,
  value: string,
  hosts: ReadonlySet<string>,
  origin: string,
): string {
  const lower = name.toLowerCase();
  if (WHOLE_VALUE.has(lower)) return movedUrl(value, hosts, origin);
  if (lower !== 'link') return value;
  // RFC 8288 section 3: the target of each link stands in angle brackets.
  return value.replaceAll(/<([^>]*)>/g, (_, url: string) => `<${movedUrl(url, hosts, origin)}>`);
}

/**
 * Points the absolute URLs in Location, Content-Location and Link that name a recorded host at the
 * mock instead, so that a client which follows them stays with the recordings. Returns the list it
 * was given when there are none.
 *
 * @param origin - The mock's origin as the client knows it, such as `http://127.0.0.1:4881`.
 */
export function withMovedUrls(
  headers: FlatHeaders,
  hosts: ReadonlySet<string>,
  origin: string,
): FlatHeaders {
  const moved = headers.map((text, at) =>
    at % 2 === 0 ? text : movedValue(headers[at - 1] ?? '', text, hosts, origin),
  );
  return moved.every((text, at) => text === headers[at]) ? headers : moved;
}
