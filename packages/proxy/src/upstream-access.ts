import { HostTrust } from './host-trust.ts';
import { checkProxies } from './itself.ts';
import type { ProxyOptions } from './options.ts';
import { UpstreamProxies } from './upstream-proxies.ts';

/** @throws ProxyError PATTERN_INVALID or CLIENT_CERT_INVALID */
export function trustOf({
  ca,
  clientCertificates,
  insecureHosts,
}: Partial<ProxyOptions>): HostTrust {
  return new HostTrust(ca ?? [], clientCertificates ?? [], insecureHosts ?? []);
}

/** @throws ProxyError UPSTREAM_PROXY_INVALID */
export function proxiesOf({
  upstreamProxy,
  proxyVariables,
}: Partial<ProxyOptions>): UpstreamProxies {
  return new UpstreamProxies({ url: upstreamProxy, variables: proxyVariables ?? {} });
}

/**
 * Says what would keep a proxy from starting, before anything is made for it.
 *
 * @param port - Where it is to listen; 0 for any.
 * @returns the proxies that upstreams are to be reached through, as URLs without their passwords.
 * @throws ProxyError UPSTREAM_PROXY_INVALID, PATTERN_INVALID or CLIENT_CERT_INVALID
 */
export function checkUpstreamAccess(
  options: Partial<ProxyOptions>,
  host: string,
  port: number,
): string[] {
  trustOf(options);
  const proxies = proxiesOf(options);
  if (port !== 0) checkProxies(proxies, host, port);
  const byShown = Map.groupBy(proxies.all, ({ shown }) => shown);
  return Array.from(byShown, ([shown, same]) => {
    return `${shown} (${[...new Set(same.map(({ source }) => source))].join(', ')})`;
  });
}
