/** An absolute URL taken apart without changing a character of its path and query. */
export interface SplitUrl {
  /** Scheme, host and port as they stand, userinfo left out. */
  readonly origin: string;
  /** Host and port in lower case; the port left out where it is the scheme's own. */
  readonly host: string;
  /** Path and query; starts with `/`. */
  readonly target: string;
}

const ABSOLUTE = /^(https?):\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/i;

/** Takes the default ports of http and https off, so that `h`, `h:80` and `h:443` are one host. */
export function normalHost(authority: string): string {
  return authority.toLowerCase().replace(/:(?:80|443)?$/, '');
}

/**
 * Splits an absolute http or https URL; undefined for anything else. Not done with `URL`, which
 * would resolve dot segments and re-encode: a path is matched as it was on the wire.
 */
export function splitUrl(url: string): SplitUrl | undefined {
  const parts = ABSOLUTE.exec(url);
  if (parts === null) return undefined;
  const [, scheme = '', authority = '', rest = ''] = parts;
  if (authority === '') return undefined;
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  return {
    origin: `${scheme.toLowerCase()}://${authority}`,
    host: normalHost(authority),
    target,
  };
}

/** Path and query of a request target. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, query: '' };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
