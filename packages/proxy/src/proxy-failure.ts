import { codeOf, RefusedCall } from './failure.ts';
import type { CallErrorCode } from './failure.ts';
import type { ProxyAddress } from './proxy-address.ts';

type ProxyCode = Extract<CallErrorCode, `PROXY_${string}`>;

function failed(code: ProxyCode, message: string): RefusedCall {
  return new RefusedCall({ status: 502, code, message });
}

/** The proxy itself cannot be reached, or stops talking in the middle of it. */
export function proxyUnreachable({ shown, source }: ProxyAddress, error: Error): RefusedCall {
  const why = codeOf(error) === '' ? error.message : `${codeOf(error)}: ${error.message}`;
  return failed(
    'PROXY_UNREACHABLE',
    `The proxy ${shown} (${source}) cannot be reached (${why}). Check its address and the network, or call without it: --upstream-proxy none.`,
  );
}

/** @param detail - What it has answered. */
export function proxyDenied({ shown, source }: ProxyAddress, detail: string): RefusedCall {
  return failed(
    'PROXY_AUTH',
    `The proxy ${shown} (${source}) wants another user name and password (${detail}). Put them into its URL: http://user:password@host:port.`,
  );
}

/** @param detail - What it has answered. */
export function proxyRefused(proxy: ProxyAddress, to: string, detail: string): RefusedCall {
  return failed(
    'PROXY_REFUSED',
    `The proxy ${proxy.shown} (${proxy.source}) does not connect to ${to} (${detail}). Check whether it may, or leave that host out by NO_PROXY.`,
  );
}
