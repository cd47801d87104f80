import { isLocalhost } from './localhost-lookup.ts';
import { isLoopback } from './address-guard.ts';
import { parseNoProxy } from './no-proxy.ts';
import type { Origin } from './origin.ts';
import { parseProxy } from './proxy-address.ts';
import type { ProxyAddress } from './proxy-address.ts';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Which proxies there are, and for whom not. */
export interface ProxyWish {
  /** One for all upstreams, in place of those that the variables name. */
  readonly url: string | undefined;
  /** HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, also in lower case, which comes first. */
  readonly variables: Variables;
}

function named(name: string, variables: Variables): ProxyAddress | null {
  const lower = name.toLowerCase();
  // Where a web server runs a program, HTTP_PROXY is a header field of its client (httpoxy.org).
  const isHeader = name === 'HTTP_PROXY' && variables['REQUEST_METHOD'] !== undefined;
  for (const source of isHeader ? [lower] : [lower, name]) {
    const text = variables[source]?.trim() ?? '';
    if (text !== '') return parseProxy(text, source);
  }
  return null;
}

/** Through which proxy each upstream is reached; this machine itself always directly. */
export class UpstreamProxies {
  readonly #secure: ProxyAddress | null;
  readonly #plain: ProxyAddress | null;
  readonly #isExcepted: (hostname: string, port: number) => boolean;

  /** @throws ProxyError UPSTREAM_PROXY_INVALID */
  constructor({ url, variables }: ProxyWish) {
    const all =
      url === undefined ? named('ALL_PROXY', variables) : parseProxy(url, '--upstream-proxy');
    this.#secure = (url === undefined ? named('HTTPS_PROXY', variables) : null) ?? all;
    this.#plain = (url === undefined ? named('HTTP_PROXY', variables) : null) ?? all;
    this.#isExcepted = parseNoProxy(variables['no_proxy'] ?? variables['NO_PROXY'] ?? '');
  }

  /** Every proxy that is named. */
  get all(): ProxyAddress[] {
    return [this.#secure, this.#plain].filter((proxy) => proxy !== null);
  }

  /** @returns null for an upstream that is reached directly. */
  find({
    secure,
    hostname,
    port,
  }: Pick<Origin, 'secure' | 'hostname' | 'port'>): ProxyAddress | null {
    const proxy = secure ? this.#secure : this.#plain;
    if (proxy === null || isLocalhost(hostname) || isLoopback(hostname)) return null;
    return this.#isExcepted(hostname, port) ? null : proxy;
  }
}
