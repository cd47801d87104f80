import type { BodyUrls } from '@calltape/store';
import type { Routing } from './destination.ts';
import type { Failure } from './failure.ts';
import type { Route } from './route.ts';
import { pathOf } from './target.ts';

/** What can stand in a URL of a body without a look at what is around it. */
const HOST = /^[\w.:[\]-]+$/;

/** Whether a path is the prefix or below it, by whole segments. */
function isBelow(path: string, prefix: string): boolean {
  const next = path[prefix.length];
  return path.startsWith(prefix) && (next === undefined || next === '/' || next === '?');
}

/**
 * Sends every request to one upstream: the client's target, byte for byte, behind the upstream's
 * base path. An absolute-form target loses its scheme and authority, since the upstream is the only
 * place calls go to; `*` stays as it is and asks about the origin itself (RFC 9110 section 7.1).
 */
function toUpstream(
  { prefix, upstream }: Route,
  keepHost: boolean,
  bodyUrls: BodyUrls | null,
): Routing {
  const { origin, authority, basePath } = upstream;
  return ({ url = '/', headers: { host } }) => {
    const seenAs = host === undefined ? null : `http://${host}${prefix}`;
    const shift =
      bodyUrls !== null && HOST.test(host ?? '') ? () => bodyUrls.towards(host ?? '') : null;
    const all = { upstream, authority, keepHost, seenAs, shift };
    if (url === '*') return { ...all, target: url, url: origin };
    const rest = pathOf(url).slice(prefix.length);
    const target = basePath + (rest.startsWith('/') ? rest : `/${rest}`);
    return { ...all, target, url: origin + target };
  };
}

function noRoute(path: string, routes: readonly Route[]): Failure {
  const known = routes.map(({ prefix, upstream }) => `${prefix} (${upstream.origin})`).join(', ');
  const message = `The path ${path.slice(0, 100)} is below none of the routes: ${known}. Correct the base URL of the client, or add a route.`;
  return { status: 404, code: 'ROUTE_UNKNOWN', message };
}

/**
 * Sends each request to the upstream of the longest prefix that its path is below, the prefix taken
 * off.
 *
 * @param bodyUrls - What to move to the recorder in the bodies of answers; null for nothing.
 */
export function reverseRouting(
  routes: readonly Route[],
  keepHost: boolean,
  bodyUrls: BodyUrls | null,
): Routing {
  const ways = routes
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
    .map((route) => ({ prefix: route.prefix, to: toUpstream(route, keepHost, bodyUrls) }));
  return (request, tunnel) => {
    const { url = '/' } = request;
    const path = url === '*' ? '' : pathOf(url);
    const way = ways.find(({ prefix }) => prefix === '' || isBelow(path, prefix));
    return way === undefined ? noRoute(path, routes) : way.to(request, tunnel);
  };
}
