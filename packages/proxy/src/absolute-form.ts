import { proxyAuthorization } from './proxy-address.ts';
import type { ProxyAddress } from './proxy-address.ts';
import type { RequestParts } from './request-text.ts';
import type { Upstream } from './upstream.ts';

/**
 * The head of a request as a proxy takes it that passes requests on: with its whole URL, or without a
 * path for `*` (RFC 9112 sections 3.2.2 and 3.2.4).
 */
export function towardsProxy(
  { method, target, fields, upstream }: RequestParts & { readonly upstream: Upstream },
  proxy: ProxyAddress,
): RequestParts {
  const authorization = proxyAuthorization(proxy);
  return {
    method,
    target: target === '*' ? upstream.origin : upstream.origin + target,
    fields: authorization === null ? fields : [...fields, 'Proxy-Authorization', authorization],
  };
}
