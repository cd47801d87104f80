import { movedCookie, withMovedUrls } from '@calltape/store';
import type { Upstream } from './upstream.ts';

const ABSOLUTE = /^(?<site>https?:\/\/[^/?#@]+)(?<rest>[/?#].*)?$/is;

/** Whether the path begins with the base path as whole segments. */
function isBelow(rest: string, basePath: string): boolean {
  if (!rest.startsWith(basePath)) return false;
  const next = rest[basePath.length];
  return basePath === '' || next === undefined || '/?#'.includes(next);
}

function movedUrl(url: string, { origin, basePath }: Upstream, seenAs: string): string {
  const { site = '', rest = '' } = ABSOLUTE.exec(url)?.groups ?? {};
  if (site === '' || URL.parse(site)?.origin !== origin || !isBelow(rest, basePath)) return url;
  return seenAs + rest.slice(basePath.length);
}

/**
 * Makes what an upstream says of its own place true for a client of the recorder: absolute URLs in
 * Location, Content-Location and Link, and the domains of its cookies.
 *
 * @param seenAs - The origin under which the client reaches the upstream.
 */
export function towardsRecorder(fields: string[], upstream: Upstream, seenAs: string): string[] {
  const moved = withMovedUrls(fields, (url) => movedUrl(url, upstream, seenAs));
  return moved.map((text, at) => {
    const isCookie = at % 2 === 1 && moved[at - 1]?.toLowerCase() === 'set-cookie';
    return isCookie ? movedCookie(text, [upstream.hostname]) : text;
  });
}
