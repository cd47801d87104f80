import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { ProxyAddress } from './proxy-address.ts';
import { proxyRefused } from './proxy-failure.ts';
import type { Upstream } from './upstream.ts';

/** Called with what the proxy is to be asked for, or with why there is nothing. */
type Found = (error: Error | null, host: string | null) => void;

/**
 * The host to ask a SOCKS proxy for: with socks5h and socks4a the name, which the proxy resolves, with
 * socks5 and socks4 an address that is found here.
 */
export function socksDestination(
  proxy: ProxyAddress,
  { hostname, port }: Upstream,
  lookup: LookupFunction,
  found: Found,
): void {
  const { scheme } = proxy;
  if (isIP(hostname) !== 0 || scheme === 'socks5h' || scheme === 'socks4a') {
    found(null, hostname);
    return;
  }
  lookup(hostname, { all: true }, (error, addresses) => {
    const known = Array.isArray(addresses) ? addresses : [];
    const usable = known.find(({ family }) => scheme === 'socks5' || family === 4);
    if (error !== null) found(error, null);
    else if (usable !== undefined) found(null, usable.address);
    else {
      const detail = 'SOCKS 4 knows IPv4 only, and it has no such address';
      found(proxyRefused(proxy, `${hostname}:${port}`, detail), null);
    }
  });
}
