import type { Socket } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import type { CancelDial, DialEvents, Dialled } from './dial-events.ts';
import { connectHandshake } from './connect-handshake.ts';
import type { HostTrust } from './host-trust.ts';
import { Opening } from './opening.ts';
import type { Origin } from './origin.ts';
import { speaksHttp } from './proxy-address.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { proxyUnreachable } from './proxy-failure.ts';
import { socksDestination } from './socks-destination.ts';
import { socksHandshake } from './socks-handshake.ts';
import { TlsSessions } from './tls-sessions.ts';
import type { UpstreamProxies } from './upstream-proxies.ts';
import type { Upstream } from './upstream.ts';

export type { CancelDial, DialEvents, Dialled } from './dial-events.ts';

const UNWATCHED: DialEvents = { onLooked() {}, onConnected() {}, onSecured() {} };

function authorityOf({ hostname, port }: Origin): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

/** Opens connections to upstreams, directly or through the proxies of this machine's network. */
export class Dialer {
  readonly #trust: HostTrust;
  readonly #guard: AddressGuard;
  readonly #proxies: UpstreamProxies;
  readonly #sessions: TlsSessions = new TlsSessions();

  constructor(trust: HostTrust, guard: AddressGuard, proxies: UpstreamProxies) {
    this.#trust = trust;
    this.#guard = guard;
    this.#proxies = proxies;
  }

  /** Does what the first secure connection would have to wait for. */
  warm(): void {
    this.#trust.warm();
  }

  /** The proxy on the way to an upstream; null for none. */
  proxyFor(upstream: Upstream): ProxyAddress | null {
    return this.#proxies.find(upstream);
  }

  /** What an upstream is called where the way to it matters. */
  wayTo(upstream: Upstream): string {
    const proxy = this.proxyFor(upstream);
    return proxy === null ? upstream.origin : `${upstream.origin} by the proxy ${proxy.shown}`;
  }

  /**
   * The proxy that takes the requests for an upstream themselves, each with its whole URL (RFC 9112
   * section 3.2.2), where it would take bytes for others; null where requests are written as ever.
   */
  viaFor(upstream: Upstream): ProxyAddress | null {
    const proxy = upstream.secure ? null : this.#proxies.find(upstream);
    return proxy !== null && speaksHttp(proxy) ? proxy : null;
  }

  /**
   * Opens a connection that leads to an upstream.
   *
   * @throws RefusedCall when the upstream is an address that clients may not reach.
   */
  dial(upstream: Upstream, events: DialEvents, dialled: Dialled): CancelDial {
    const opening = new Opening(this.#sessions, dialled);
    this.#reach(opening, upstream, this.proxyFor(upstream), events, (socket) => {
      events.onConnected();
      if (upstream.secure) this.#secure(opening, socket, upstream, events);
      else opening.succeed(socket);
    });
    return opening.cancel;
  }

  /**
   * The same for requests that are written as `viaFor` says: where it names a proxy, the connection
   * leads no further.
   *
   * @throws RefusedCall when the upstream is an address that clients may not reach.
   */
  dialForRequests(upstream: Upstream, events: DialEvents, dialled: Dialled): CancelDial {
    const via = this.viaFor(upstream);
    if (via === null) return this.dial(upstream, events, dialled);
    const opening = new Opening(this.#sessions, dialled);
    this.#reachProxy(opening, upstream, via, events, (socket) => {
      events.onConnected();
      opening.succeed(socket);
    });
    return opening.cancel;
  }

  /**
   * Opens a connection for the bytes of others, who agree on TLS themselves.
   *
   * @throws RefusedCall when it would lead to an address that clients may not reach.
   */
  tunnel(upstream: Upstream, dialled: Dialled): CancelDial {
    const opening = new Opening(this.#sessions, dialled);
    const proxy = this.proxyFor(upstream);
    this.#reach(opening, upstream, proxy, UNWATCHED, (socket) => opening.succeed(socket));
    return opening.cancel;
  }

  #secure(opening: Opening, over: Socket, { hostname, port }: Upstream, events: DialEvents): void {
    const tls = this.#trust.find(hostname, port);
    opening.secure(over, { host: hostname, port }, tls, (socket) => {
      events.onSecured();
      opening.succeed(socket);
    });
  }

  /** Gets to the host and port of an upstream. */
  #reach(
    opening: Opening,
    upstream: Upstream,
    proxy: ProxyAddress | null,
    events: DialEvents,
    then: (socket: Socket) => void,
  ): void {
    if (proxy === null) {
      this.#guard.checkLiteral(upstream);
      const { hostname: host, port } = upstream;
      const lookup = this.#guard.lookupFor(upstream);
      opening.connect({ host, port, lookup }, () => events.onLooked(), then);
      return;
    }
    this.#reachProxy(opening, upstream, proxy, events, (socket) => {
      this.#pass(opening, upstream, proxy, socket, (error) => {
        opening.means(null);
        if (error === null) then(socket);
        else opening.fail(error);
      });
    });
  }

  /** Gets to the proxy. It resolves names itself, so that only addresses can be judged here. */
  #reachProxy(
    opening: Opening,
    upstream: Upstream,
    proxy: ProxyAddress,
    events: DialEvents,
    then: (socket: Socket) => void,
  ): void {
    this.#guard.checkLiteral(upstream);
    const { hostname: host, port } = proxy;
    const own = { hostname: host, port, guarded: false };
    this.#guard.checkLiteral(own);
    const lookup = this.#guard.lookupFor(own);
    opening.means((error) => proxyUnreachable(proxy, error));
    opening.connect(
      { host, port, lookup },
      () => events.onLooked(),
      (socket) => {
        if (proxy.scheme !== 'https') then(socket);
        else opening.secure(socket, { host, port }, this.#trust.find(host, port), then);
      },
    );
  }

  /** Has the proxy connect to the upstream. */
  #pass(
    opening: Opening,
    upstream: Upstream,
    proxy: ProxyAddress,
    socket: Socket,
    then: (error: Error | null) => void,
  ): void {
    if (speaksHttp(proxy)) {
      connectHandshake(socket, proxy, authorityOf(upstream), then);
      return;
    }
    socksDestination(proxy, upstream, this.#guard.lookupFor(upstream), (error, host) => {
      if (opening.over) return;
      if (host === null) then(error);
      else socksHandshake(socket, proxy, { host, port: upstream.port }, then);
    });
  }
}
