/**
 * What follows the authority of an absolute-form target (RFC 9112 section 3.2.2), byte for byte; the
 * path is never empty.
 */
function pathOfAbsolute(target: string): string {
  const end = authorityEnd(target);
  if (end === -1) return '/';
  const path = target.slice(end);
  return path.startsWith('?') ? `/${path}` : path;
}

/** Scheme and authority of an absolute-form target. */
export function siteOfAbsolute(target: string): string {
  const end = authorityEnd(target);
  return end === -1 ? target : target.slice(0, end);
}

function authorityEnd(target: string): number {
  const authority = target.indexOf('://') + 3;
  const rest = target.slice(authority).search(/[/?#\\]/);
  return rest === -1 ? -1 : authority + rest;
}

/** Path and query of any request target but `*`. */
export function pathOf(target: string): string {
  return target.startsWith('/') ? target : pathOfAbsolute(target);
}
