import type { IncomingRequest } from './client-side.ts';
import type { Destination, Routing } from './destination.ts';
import type { Failure } from './failure.ts';
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

function destinationAt(at: Origin, path: string, keepHost: boolean): Destination {
  const upstream: Upstream = { ...at, basePath: '', guarded: true };
  const url = path === '*' ? at.origin : at.origin + path;
  return { upstream, target: path, url, authority: at.authority, keepHost, seenAs: null };
}

/** The URL decides and not the `Host` field, which is replaced (RFC 9112 section 3.2.2). */
function addressed({ method, url: target = '/' }: IncomingRequest): Destination | Failure {
  if (target === '*' || target.startsWith('/')) return notAddressed(target);
  const site = siteOfAbsolute(target);
  const url = /^https?:\/\//i.test(site) ? URL.parse(site) : null;
  if (url === null) return notHttp(target);
  const path = asksAboutServer(method, target, site) ? '*' : pathOf(target);
  return destinationAt(originOf(url), path, false);
}

/** The same host at the port that a request names. */
function atNamedPort(origin: Origin, host = ''): Origin {
  const url = URL.parse(`${origin.secure ? 'https' : 'http'}://${host}`);
  const named = url === null ? origin : originOf(url);
  return named.hostname === origin.hostname ? named : origin;
}

function tunnelled({ url: target = '/', headers }: IncomingRequest, tunnel: Tunnel): Destination {
  const { origin, portFromHost } = tunnel;
  const at = portFromHost ? atNamedPort(origin, headers.host) : origin;
  return destinationAt(at, target === '*' ? '*' : pathOf(target), true);
}

/** Sends each request where the client says: by its URL, or by the tunnel it came through. */
export function forwardRouting(): Routing {
  return (request, tunnel) => (tunnel === null ? addressed(request) : tunnelled(request, tunnel));
}
