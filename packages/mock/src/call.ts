import type { FlatHeaders, HttpVersion } from '@calltape/store';
import type { Content } from './body-meaning.ts';
import { fieldValue } from './flat-headers.ts';
import { recordedTarget, routeOf } from './routes.ts';
import type { Route } from './routes.ts';
import { normalHost, splitUrl } from './target.ts';
import type { Visit } from './visit.ts';

/** A request that came to the mock, whole. */
export interface Call {
  readonly method: string;
  /** Path and query as on the wire; without the prefix of its route, where it has one. */
  readonly target: string;
  readonly httpVersion: HttpVersion;
  /**
   * The origin that the call is meant for, and no other: that of an absolute-form target (RFC 9112
   * section 3.2.2), of a tunnel, or of a route. Null where the `Host` field says which is preferred.
   */
  readonly proxiedOrigin: string | null;
  /**
   * The mock's own origin in the client's words; empty, so that URLs become relative, where it does not
   * say. Null for a client that believes to talk to the recorded origin itself.
   */
  readonly ownOrigin: string | null;
  readonly headers: FlatHeaders;
  readonly body: Uint8Array;
}

function versionOf(text: string): HttpVersion {
  return text === '1.0' || text === '2' ? text : '1.1';
}

/** What the mock's own origin is to a client. */
function ownOriginOf(headers: FlatHeaders, secure: boolean): string {
  const host = fieldValue(headers, 'host');
  return host === undefined ? '' : `${secure ? 'https' : 'http'}://${host}`;
}

function routed(target: string, routes: readonly Route[]): Pick<Call, 'target' | 'proxiedOrigin'> {
  const route = target.startsWith('/') ? routeOf(target, routes) : undefined;
  if (route === undefined) return { target, proxiedOrigin: null };
  // What is below no prefix may be of any host: the route is only where misses go.
  const proxiedOrigin = route.prefix === '' ? null : route.origin;
  return { target: recordedTarget(target, route), proxiedOrigin };
}

export function callOf(visit: Visit, body: Uint8Array, routes: readonly Route[]): Call {
  const { request, secure, origin } = visit;
  const { method = '', url = '', rawHeaders: headers } = request;
  const httpVersion = versionOf(request.httpVersion);
  const absolute = url.startsWith('/') ? undefined : splitUrl(url);
  const proxiedOrigin = absolute?.origin ?? origin;
  const all = { method, httpVersion, headers, body };
  if (proxiedOrigin !== null) {
    return { ...all, target: absolute?.target ?? url, proxiedOrigin, ownOrigin: null };
  }
  const ownOrigin = ownOriginOf(headers, secure);
  if (routes.length === 0) return { ...all, target: url, proxiedOrigin, ownOrigin };
  return { ...all, ...routed(url, routes), ownOrigin };
}

/** The host that the client asked for, in the form of {@link normalHost}; empty without one. */
export function hostOf(call: Call): string {
  if (call.proxiedOrigin !== null) return normalHost(call.proxiedOrigin.replace(/^.*:\/\//, ''));
  return normalHost(fieldValue(call.headers, 'host') ?? '');
}

export function contentOf(call: Call): Content {
  return {
    bytes: call.body,
    size: call.body.length,
    type: fieldValue(call.headers, 'content-type') ?? '',
    coding: fieldValue(call.headers, 'content-encoding') ?? '',
  };
}
