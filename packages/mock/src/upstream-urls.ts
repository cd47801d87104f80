import { withMovedUrls } from '@calltape/store';
import type { FlatHeaders } from '@calltape/store';
import { splitUrl } from './target.ts';

/** Gives a URL of one of the hosts the mock's origin; leaves every other as it is. */
function movedUrl(url: string, hosts: ReadonlySet<string>, origin: string): string {
  const parts = splitUrl(url);
  if (parts === undefined || !hosts.has(parts.host)) return url;
  const hash = url.indexOf('#');
  return origin + parts.target + (hash === -1 ? '' : url.slice(hash));
}

/**
 * Points the absolute URLs in header fields that name a recorded host at the mock instead. Returns
 * the list it was given when there are none.
 *
 * @param origin - The mock's origin as the client knows it, such as `http://127.0.0.1:4881`.
 */
export function towardsMock(
  headers: FlatHeaders,
  hosts: ReadonlySet<string>,
  origin: string,
): FlatHeaders {
  return withMovedUrls(headers, (url) => movedUrl(url, hosts, origin));
}
