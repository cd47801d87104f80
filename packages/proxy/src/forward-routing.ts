import type { IncomingRequest } from './client-side.ts';
import type { Destination, Routing } from './destination.ts';
import type { Failure } from './failure.ts';
import type { HostMap } from './host-map.ts';
import { originOf } from './origin.ts';
import type { Origin } from './origin.ts';
import { pathOf, siteOfAbsolute } from './target.ts';
import type { Tunnel } from './tunnel.ts';
import type { Upstream } from './upstream.ts';

function invalid(message: string): Failure {
  return { status: 400, code: 'FORWARD_TARGET_INVALID', message };
}

function notAddressed(target: string): Failure {
  return invalid(
    `The request target "${target.slice(0, 100)}" does not say which host it is for: this address is a forward proxy. ` +
      'Set it as HTTP_PROXY and HTTPS_PROXY of your program (curl -x), or give calltape record the URL of the API to record that one only.',
  );
}

function notHttp(target: string): Failure {
  return invalid(
    `The request target "${target.slice(0, 100)}" is not an http or https URL with a host. Correct the client.`,
  );
}

/**
 * RFC 9112 section 3.2.4: an OPTIONS without path and query asks about the server itself, which the
 * server is asked by `*`.
 */
function asksAboutServer(method: string | undefined, target: string, site: string): boolean {
  return target === '*' || (method === 'OPTIONS' && target === site);
}

interface Asked {
  /** Where the client wants to go. */
  readonly at: Origin;
  /** Path and query, or `*`. */
  readonly path: string;
  readonly keepHost: boolean;
}

/** The URL decides and not the `Host` field, which is replaced (RFC 9112 section 3.2.2). */
function addressed({ method, url: target = '/' }: IncomingRequest): Asked | Failure {
  if (target === '*' || target.startsWith('/')) return notAddressed(target);
  const site = siteOfAbsolute(target);
  const url = /^https?:\/\//i.test(site) ? URL.parse(site) : null;
  if (url === null) return notHttp(target);
  const path = asksAboutServer(method, target, site) ? '*' : pathOf(target);
  return { at: originOf(url), path, keepHost: false };
}

/** The same host at the port that a request names. */
function atNamedPort(origin: Origin, host = ''): Origin {
  const url = URL.parse(`${origin.secure ? 'https' : 'http'}://${host}`);
  const named = url === null ? origin : originOf(url);
  return named.hostname === origin.hostname ? named : origin;
}

function tunnelled({ url: target = '/', headers }: IncomingRequest, tunnel: Tunnel): Asked {
  const { origin, portFromHost } = tunnel;
  const at = portFromHost ? atNamedPort(origin, headers.host) : origin;
  return { at, path: target === '*' ? '*' : pathOf(target), keepHost: true };
}

/**
 * The tape and the upstream see the host that the client has asked for, also where the call goes
 * elsewhere; what that place says of itself is moved to the host the client knows.
 */
function destinationOf({ at, path, keepHost }: Asked, map: HostMap): Destination {
  const { origin, authority } = at;
  const url = path === '*' ? origin : origin + path;
  const mapped = map.find(at);
  const upstream: Upstream = mapped ?? { ...at, basePath: '', guarded: true };
  const target = path === '*' ? path : upstream.basePath + path;
  const seenAs = mapped === null ? null : origin;
  return { upstream, target, url, authority, keepHost, seenAs, shift: null };
}

/**
 * Sends each request where the client says, by its URL or by the tunnel it came through, or where
 * that host is mapped to.
 */
export function forwardRouting(map: HostMap): Routing {
  return (request, tunnel) => {
    const asked = tunnel === null ? addressed(request) : tunnelled(request, tunnel);
    return 'code' in asked ? asked : destinationOf(asked, map);
  };
}
