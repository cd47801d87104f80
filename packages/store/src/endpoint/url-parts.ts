/** Where the path of an absolute URL starts; `url.length` when it has none. */
function pathStart(url: string): number {
  const authority = url.indexOf('://') + 3;
  for (let at = authority; at < url.length; at += 1) {
    const character = url[at];
    if (character === '/' || character === '?') return at;
  }
  return url.length;
}

/** Scheme, host and port of an absolute URL, userinfo left out. */
function originOf(url: string, end: number): string {
  const scheme = url.slice(0, url.indexOf('://') + 3);
  const authority = url.slice(scheme.length, end);
  return scheme + authority.slice(authority.lastIndexOf('@') + 1);
}

export interface UrlParts {
  /** Userinfo left out. */
  readonly origin: string;
  /** May be empty. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}

/** The parts of an absolute URL, as they are spelt. */
export function urlParts(url: string): UrlParts {
  const start = pathStart(url);
  const queryAt = url.indexOf('?', start);
  const end = queryAt === -1 ? url.length : queryAt;
  return { origin: originOf(url, start), path: url.slice(start, end), query: url.slice(end) };
}
