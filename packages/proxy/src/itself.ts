import { ProxyError } from './errors.ts';
import type { Origin } from './origin.ts';
import type { UpstreamProxies } from './upstream-proxies.ts';

const OWN_NAMES = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);

type Place = Pick<Origin, 'hostname' | 'port'>;

/** Whether a place is, by its looks, the one that a proxy listens at. */
function isItself(place: Place, host: string, port: number): boolean {
  if (place.port !== port) return false;
  return place.hostname === host || (OWN_NAMES.has(host) && OWN_NAMES.has(place.hostname));
}

/**
 * A proxy must not be its own upstream.
 *
 * @throws ProxyError UPSTREAM_INVALID
 */
export function checkUpstreams(upstreams: readonly Origin[], host: string, port: number): void {
  const itself = upstreams.find((upstream) => isItself(upstream, host, port));
  if (itself === undefined) return;
  const message = `The upstream ${itself.origin} is this proxy itself. Choose another port, or the address of the system to record.`;
  throw new ProxyError('UPSTREAM_INVALID', message);
}

/**
 * Nor may it be the proxy that its calls go through: programs that are started behind it inherit
 * variables that name it.
 *
 * @throws ProxyError UPSTREAM_PROXY_INVALID
 */
export function checkProxies(proxies: UpstreamProxies, host: string, port: number): void {
  const itself = proxies.all.find((proxy) => isItself(proxy, host, port));
  if (itself === undefined) return;
  const message = `${itself.source} names ${itself.shown}, which is this recorder itself: its calls would go round in circles. Start it without that variable, or with --upstream-proxy none.`;
  throw new ProxyError('UPSTREAM_PROXY_INVALID', message);
}
