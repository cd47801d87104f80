import { MockError } from './errors.ts';
import { normalHost, splitUrl } from './target.ts';

/** Where the recordings of one API are found: below a path of their own. */
export interface Route {
  /** Begins with `/` and does not end with one; empty for what is below no other. */
  readonly prefix: string;
  readonly origin: string;
  readonly host: string;
  /** Put in front of what follows the prefix; no slash at its end, empty for none. */
  readonly basePath: string;
}

const PREFIX = /^(?:(?:\/[^/?#\s]+)+)?$/;

/**
 * @param urls - By path prefix.
 * @returns the routes, the longest prefix first.
 * @throws MockError ROUTE_INVALID
 */
export function routesOf(urls: Readonly<Record<string, string>>): Route[] {
  const routes = Object.entries(urls).map(([prefix, url]) => {
    const parts = splitUrl(url);
    if (parts === undefined || !PREFIX.test(prefix)) {
      const message = `The route "${prefix}" to "${url}" is not a path prefix such as /stripe with an http or https URL.`;
      throw new MockError('ROUTE_INVALID', message);
    }
    const { origin, host, target } = parts;
    return { prefix, origin, host, basePath: target.replace(/\/+$/, '') };
  });
  return routes.toSorted((one, other) => other.prefix.length - one.prefix.length);
}

/** Whether a target is the prefix or below it, by whole segments. */
function isBelow(target: string, prefix: string): boolean {
  const next = target[prefix.length];
  return target.startsWith(prefix) && (next === undefined || next === '/' || next === '?');
}

/** The route that a request target is below; undefined for none. */
export function routeOf(target: string, routes: readonly Route[]): Route | undefined {
  return routes.find(({ prefix }) => prefix === '' || isBelow(target, prefix));
}

/** The target as it was recorded. */
export function recordedTarget(target: string, { prefix, basePath }: Route): string {
  const rest = target.slice(prefix.length);
  return basePath + (rest.startsWith('/') ? rest : `/${rest}`);
}

/** A part of a recorded host, and the path below which a client finds it at the mock. */
export interface Site {
  /** In the form of {@link normalHost}. */
  readonly host: string;
  /** Of what moves; no slash at its end, empty for all of the host. */
  readonly basePath: string;
  /** In place of the base path; as that of a {@link Route}. */
  readonly prefix: string;
}

/**
 * Where a client that calls the mock finds the recorded hosts: what has routes below those, and all of
 * the others at the mock itself.
 *
 * @param hosts - Those that calls were recorded of.
 */
export function sitesOf(hosts: Iterable<string>, routes: readonly Route[]): Site[] {
  const prefixed = routes.filter(({ prefix }) => prefix !== '');
  const basePath = routes.find(({ prefix }) => prefix === '')?.basePath ?? '';
  const others = Array.from(hosts, normalHost)
    .filter((name) => prefixed.every(({ host }) => host !== name))
    .map((host) => ({ host, basePath, prefix: '' }));
  return [...prefixed, ...others];
}

/** The target at which a client finds one of a site; undefined for what is not of the site. */
export function targetAt({ basePath, prefix }: Site, target: string): string | undefined {
  return isBelow(target, basePath) ? prefix + target.slice(basePath.length) : undefined;
}
