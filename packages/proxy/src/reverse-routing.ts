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
  return ({ url = '/' }) => {
    if (url === '*') return { upstream, target: url, url: origin, authority, keepHost };
    const target = basePath + pathOf(url);
    return { upstream, target, url: origin + target, authority, keepHost };
  };
}
