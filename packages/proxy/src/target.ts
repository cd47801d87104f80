import type { Upstream } from './upstream.ts';

/** What follows the authority of an absolute-form target; the path is never empty. */
function pathOfAbsolute(target: string): string {
  const authority = target.indexOf('://') + 3;
  const rest = target.slice(authority).search(/[/?]/);
  if (rest === -1) return '/';
  const path = target.slice(authority + rest);
  return path.startsWith('?') ? `/${path}` : path;
}

/**
 * The request target to send upstream: the client's, byte for byte, behind the upstream's base
 * path. An absolute-form target (RFC 9112 section 3.2.2) loses its scheme and authority, since the
 * upstream is the only place calls go to; `*` stays as it is.
 */
export function upstreamTarget(upstream: Upstream, target: string): string {
  if (target.startsWith('/')) return upstream.basePath + target;
  if (target === '*') return target;
  return upstream.basePath + pathOfAbsolute(target);
}

/** The URL to record; `OPTIONS *` asks about the origin itself (RFC 9110 section 7.1). */
export function recordedUrl(upstream: Upstream, sentTarget: string): string {
  return sentTarget === '*' ? upstream.origin : upstream.origin + sentTarget;
}
