import type { FlatHeaders } from '@calltape/store';
import type { Content } from './body-meaning.ts';
import { fieldValue } from './flat-headers.ts';
import { normalHost, splitUrl } from './target.ts';

/** A request that came to the mock, whole. */
export interface Call {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly target: string;
  /**
   * The origin of an absolute-form target (RFC 9112 section 3.2.2): the client takes the mock for a
   * forward proxy and believes that it talks to this origin. Null in reverse mode.
   */
  readonly proxiedOrigin: string | null;
  readonly headers: FlatHeaders;
  readonly body: Uint8Array;
}

export function callOf(
  method: string,
  rawTarget: string,
  headers: FlatHeaders,
  body: Uint8Array,
): Call {
  const absolute = rawTarget.startsWith('/') ? undefined : splitUrl(rawTarget);
  return {
    method,
    target: absolute?.target ?? rawTarget,
    proxiedOrigin: absolute?.origin ?? null,
    headers,
    body,
  };
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
