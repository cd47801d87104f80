import { MockError } from './errors.ts';
import { splitUrl } from './target.ts';

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

/** Some hosts and the place where a client finds them at the mock. */
export interface Place {
  readonly hosts: ReadonlySet<string>;
  /** Origin and path. */
  readonly at: string;
}

/**
 * Where a client that calls the mock finds the recorded hosts: each below its route, the others at the
 * mock itself. The URLs of one with a route to a path only stay as they are.
 *
 * @param own - The mock's origin as the client knows it.
 */
export function placesOf(
  hosts: ReadonlySet<string>,
  own: string,
  routes: readonly Route[],
): readonly Place[] {
  const prefixed = routes.filter(({ prefix }) => prefix !== '');
  if (prefixed.length === 0) return [{ hosts, at: own }];
  // A route to a path has no place for the rest of its host.
  const routed = prefixed.filter(({ basePath }) => basePath === '');
  const others = new Set([...hosts].filter((name) => prefixed.every(({ host }) => host !== name)));
  const places = routed.map(({ host, prefix }) => ({ hosts: new Set([host]), at: own + prefix }));
  return [...places, { hosts: others, at: own }];
}
