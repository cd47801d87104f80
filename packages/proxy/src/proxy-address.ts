import { ProxyError } from './errors.ts';

const DEFAULT_PORTS = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks4a: 1080,
  socks5: 1080,
  socks5h: 1080,
} as const;

export type ProxyScheme = keyof typeof DEFAULT_PORTS;

/** A proxy that upstreams are reached through. */
export interface ProxyAddress {
  readonly scheme: ProxyScheme;
  /** IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Decoded; empty for none. */
  readonly username: string;
  readonly password: string;
  /** As a URL without user name and password, for people. */
  readonly shown: string;
  /** The option or variable that has named it. */
  readonly source: string;
}

function withoutUserinfo(text: string): string {
  return text.replace(/^([a-z\d+.-]*:\/\/)?[^/?#]*@/i, '$1');
}

function invalid(text: string, source: string): ProxyError {
  const message = `${source} is "${withoutUserinfo(text)}", which is not a proxy: expected a URL such as http://proxy.example:3128 or socks5h://127.0.0.1:1080.`;
  return new ProxyError('UPSTREAM_PROXY_INVALID', message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isScheme(name: string): name is ProxyScheme {
  return Object.hasOwn(DEFAULT_PORTS, name);
}

/**
 * Reads a proxy's URL; without a scheme it is an http one, as everywhere.
 *
 * @param source - The option or variable it comes from, for errors.
 * @throws ProxyError UPSTREAM_PROXY_INVALID
 */
export function parseProxy(text: string, source: string): ProxyAddress {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z\d+.-]+):\/\/)?(.*)$/i.exec(text) ?? [];
  const name = scheme.toLowerCase() === 'socks' ? 'socks5' : scheme.toLowerCase();
  // As an http URL, since the host of others is not normalised, and with its port kept.
  const url = isScheme(name) ? URL.parse(`http://${rest}`) : null;
  if (!isScheme(name) || url === null || !/^\/?$/.test(url.pathname + url.search + url.hash)) {
    throw invalid(text, source);
  }
  const port = /:80\/?$/.test(rest) ? 80 : Number(url.port) || DEFAULT_PORTS[name];
  return {
    scheme: name,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    username: decoded(url.username),
    password: decoded(url.password),
    shown: `${name}://${url.hostname}:${port}`,
    source,
  };
}

/** What a proxy that speaks HTTP is told of its user (RFC 7617); null for nothing. */
export function proxyAuthorization({ username, password }: ProxyAddress): string | null {
  if (username === '' && password === '') return null;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A proxy of HTTP passes plain requests on one by one; one of SOCKS knows connections only. */
export function speaksHttp({ scheme }: ProxyAddress): boolean {
  return scheme === 'http' || scheme === 'https';
}
