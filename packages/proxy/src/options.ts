import type { TapeWriter } from '@calltape/store';
import type { Authority } from './authority.ts';
import { ProxyError } from './errors.ts';
import type { Failure } from './failure.ts';
import { HostMap } from './host-map.ts';
import type { ClientCertificate } from './host-trust.ts';
import type { MessageLimits } from './message-budget.ts';
import type { HandshakeFailure } from './handshake-failure.ts';
import { interceptionOf } from './interception.ts';
import type { Interception } from './interception.ts';
import type { Route } from './route.ts';
import { parseUpstream } from './upstream.ts';

export interface ProxyOptions {
  /**
   * http(s) URL of the system that is recorded; a path in it is put in front of every request path.
   * Without it and without routes the proxy is a forward proxy: each client names the system it calls.
   */
  readonly upstream?: string;
  /**
   * Further systems by path prefix: with `/slack` for `https://slack.com`, a call to `/slack/api/x` goes
   * to `https://slack.com/api/x`. What is below no prefix goes to `upstream`, or is answered with 404.
   */
  readonly routes?: Readonly<Record<string, string>>;
  /**
   * As a forward proxy: where the calls to some hosts really go, an http(s) URL by host (`*` stands for
   * any characters, a port narrows it down). The tape and the upstream see the host that the client
   * has asked for; of several that fit, the first holds.
   */
  readonly map?: Readonly<Record<string, string>>;
  /** Takes the calls. Stays open when the proxy closes. */
  readonly writer: TapeWriter;
  /** Address or name to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 4880; 0 takes a free one. */
  readonly port?: number;
  /** Bytes of content to keep in each direction; the rest is counted and hashed. Default 10 MiB. */
  readonly bodyLimit?: number;
  /** Send the client's `Host` on. Default false: the upstream's own name is sent. */
  readonly keepHost?: boolean;
  /**
   * Move the absolute URLs of the upstreams in the text of answers to the recorder; the tape keeps the
   * originals. Default false. Without upstream and routes it changes nothing.
   */
  readonly rewriteBodies?: boolean;
  /** How long a connection, TLS included, may take to open, ms. Default 10 000; 0 for no limit. */
  readonly connectTimeoutMs?: number;
  /**
   * How long the upstream may take from the last byte of the request to its response head, ms.
   * Default 0, no limit: the client's own patience then decides, as it would without a recorder.
   */
  readonly responseTimeoutMs?: number;
  /** How long a client may pause in the middle of its request's content, ms. Default 300 000. */
  readonly requestIdleTimeoutMs?: number;
  /** Bytes of a WebSocket message to keep; the rest is counted. Default 1 MiB. */
  readonly webSocketMessageLimit?: number;
  /** Messages of one WebSocket to keep; those behind them are counted. Default 10 000. */
  readonly webSocketKeepMessages?: number;
  /** Bytes to keep of all messages of one WebSocket. Default 16 MiB. */
  readonly webSocketKeepBytes?: number;
  /**
   * Refuse calls (503, `RECORDER_FULL`) once the tape could not keep one. Default false: calls go on,
   * and what is lost is counted.
   */
  readonly strict?: boolean;
  /**
   * Ports of this machine to which no call is passed on, such as that of a control API of the same
   * program. Default: none.
   */
  readonly privatePorts?: readonly number[];
  /** Further root certificates to trust, PEM. */
  readonly ca?: readonly string[];
  /** Shown to hosts that ask for a certificate; of several that fit, the first. */
  readonly clientCertificates?: readonly ClientCertificate[];
  /** Hosts (`*` stands for any characters) whose certificates are not checked. */
  readonly insecureHosts?: readonly string[];
  /**
   * The proxy to reach upstreams through, such as http://proxy.example:3128 or socks5h://127.0.0.1:1080,
   * in place of those that `proxyVariables` name. This machine itself is always reached directly.
   */
  readonly upstreamProxy?: string;
  /**
   * Variables that name such proxies, as the environment has them: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
   * NO_PROXY, lower case before upper case. Default: none.
   */
  readonly proxyVariables?: Readonly<Record<string, string | undefined>>;
  /**
   * As a forward proxy: signs the certificates with which encrypted calls are read and recorded.
   * Without it they pass unread.
   */
  readonly authority?: Authority;
  /**
   * Of the encrypted calls only those to these hosts are read: patterns such as `*.example.com` or
   * `api.example.com:8443`. Default: all.
   */
  readonly intercept?: readonly string[];
  /** Encrypted calls to these hosts are not read but passed on as they are. Default: none. */
  readonly tunnel?: readonly string[];
  /** Offer HTTP/2 to clients whose encrypted calls are read. Default false: HTTP/1.1 only. */
  readonly http2?: boolean;
  /**
   * As a forward proxy: told host and port of each tunnel whose bytes are passed on unread because
   * they are encrypted.
   */
  readonly onUnrecorded?: (authority: string) => void;
  /**
   * As a forward proxy: told where such a tunnel should have led, and why it does not.
   * A row on the tape says the same.
   */
  readonly onTunnelFailure?: (authority: string, failure: Failure) => void;
  /**
   * As a forward proxy: told each time that no TLS could be agreed with a client, which most often
   * means that it does not trust `authority`. A row on the tape says the same.
   */
  readonly onHandshakeFailure?: (failure: HandshakeFailure) => void;
}

/** The options that hold for every call, each default in place, checked. */
export interface Settings {
  readonly authority: Authority | null;
  readonly intercepts: Interception;
  readonly http2: boolean;
  readonly onUnrecorded: (authority: string) => void;
  readonly onTunnelFailure: (authority: string, failure: Failure) => void;
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
  readonly writer: TapeWriter;
  readonly host: string;
  readonly port: number;
  readonly bodyLimit: number;
  readonly keepHost: boolean;
  readonly rewriteBodies: boolean;
  readonly strict: boolean;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly requestIdleTimeoutMs: number;
  readonly webSocket: MessageLimits;
  readonly ca: readonly string[];
}

const DEFAULT_PORT = 4880;
const PREFIX = /^(?:\/[^/?#\s]+)+$/;
const MIB = 1024 * 1024;
const DEFAULT_BODY_LIMIT = 10 * MIB;
/** A message is held in memory until its end has come. */
const MAX_MESSAGE_LIMIT = 256 * MIB;
/** The longest delay a Node timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function limit(name: string, value: number | undefined, fallback: number, highest: number): number {
  const chosen = value ?? fallback;
  if (Number.isInteger(chosen) && chosen >= 0 && chosen <= highest) return chosen;
  const message = `${name} is ${chosen}; it has to be a whole number from 0 to ${highest}.`;
  throw new ProxyError('LIMIT_INVALID', message);
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ProxyError('PORT_INVALID', `The port is ${port}; it has to be from 0 to 65535.`);
}

function messageLimits(options: ProxyOptions): MessageLimits {
  const { webSocketMessageLimit, webSocketKeepMessages, webSocketKeepBytes } = options;
  const most = Number.MAX_SAFE_INTEGER;
  return {
    messageLimit: limit('webSocketMessageLimit', webSocketMessageLimit, MIB, MAX_MESSAGE_LIMIT),
    keepMessages: limit('webSocketKeepMessages', webSocketKeepMessages, 10_000, most),
    keepBytes: limit('webSocketKeepBytes', webSocketKeepBytes, 16 * MIB, most),
  };
}

/** @throws ProxyError naming the option that cannot be used. */
export function settingsOf(options: ProxyOptions): Settings {
  const { connectTimeoutMs, responseTimeoutMs, requestIdleTimeoutMs, bodyLimit } = options;
  return {
    authority: options.authority ?? null,
    intercepts: interceptionOf(options),
    http2: options.http2 ?? false,
    onUnrecorded: options.onUnrecorded ?? ((): void => {}),
    onTunnelFailure: options.onTunnelFailure ?? ((): void => {}),
    onHandshakeFailure: options.onHandshakeFailure ?? ((): void => {}),
    writer: options.writer,
    host: options.host ?? '127.0.0.1',
    port: checkedPort(options.port ?? DEFAULT_PORT),
    bodyLimit: limit('bodyLimit', bodyLimit, DEFAULT_BODY_LIMIT, Number.MAX_SAFE_INTEGER),
    keepHost: options.keepHost ?? false,
    rewriteBodies: options.rewriteBodies ?? false,
    strict: options.strict ?? false,
    connectTimeoutMs: limit('connectTimeoutMs', connectTimeoutMs, 10_000, MAX_TIMER_MS),
    responseTimeoutMs: limit('responseTimeoutMs', responseTimeoutMs, 0, MAX_TIMER_MS),
    requestIdleTimeoutMs: limit(
      'requestIdleTimeoutMs',
      requestIdleTimeoutMs,
      300_000,
      MAX_TIMER_MS,
    ),
    webSocket: messageLimits(options),
    ca: options.ca ?? [],
  };
}

/**
 * The upstream and the routes, the upstream as the route of the empty prefix.
 *
 * @throws ProxyError UPSTREAM_INVALID or ROUTE_INVALID
 */
export function routesOf({ upstream, routes = {} }: ProxyOptions): Route[] {
  const all = Object.entries(routes).map(([prefix, url]): Route => {
    if (!PREFIX.test(prefix)) {
      const message = `The route "${prefix}" is not a path prefix such as /stripe: it begins with a slash, ends without one, and has no ? or #.`;
      throw new ProxyError('ROUTE_INVALID', message);
    }
    return { prefix, upstream: parseUpstream(url) };
  });
  return upstream === undefined ? all : [...all, { prefix: '', upstream: parseUpstream(upstream) }];
}

/**
 * Where a forward proxy takes the calls to some hosts.
 *
 * @throws ProxyError MAP_INVALID, PATTERN_INVALID or UPSTREAM_INVALID
 */
export function mapOf({ map = {}, upstream, routes = {} }: ProxyOptions): HostMap {
  const isReverse = upstream !== undefined || Object.keys(routes).length > 0;
  if (!isReverse || Object.keys(map).length === 0) return new HostMap(map);
  const message =
    'Hosts are mapped for a forward proxy only. With an upstream or routes all calls go there; leave one of the two out.';
  throw new ProxyError('MAP_INVALID', message);
}
