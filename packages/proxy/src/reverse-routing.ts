import type { Routing } from './destination.ts';
import { pathOf } from './target.ts';
import type { Upstream } from './upstream.ts';

/**
 * Sends every request to one upstream: the client's target, byte for byte, behind the upstream's
 * base path. An absolute-form target loses its scheme and authority, since the upstream is the only
 * place calls go to; `*` stays as it is and asks about the origin itself (RFC 9110 section 7.1).
 */
export function reverseRouting(upstream: Upstream, keepHost: boolean): Routing {
  const { origin, authority, basePath } = upstream;
  return ({ url = '/', headers: { host } }) => {
    const seenAs = host === undefined ? null : `http://${host}`;
    const all = { upstream, authority, keepHost, seenAs };
    if (url === '*') return { ...all, target: url, url: origin };
    const target = basePath + pathOf(url);
    return { ...all, target, url: origin + target };
  };
}
