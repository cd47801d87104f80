import type { CancelDial, Dialer, DialEvents } from './dial.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectionOwner } from './upstream-connection.ts';
import type { Upstream } from './upstream.ts';

/** How often idle connections are looked through, ms. */
const REAP_EVERY_MS = 1000;

/** Called once: with a connection, or with why there is none. */
export type Opened = (error: Error | null, connection: UpstreamConnection | null) => void;

/** Connections of a guarded upstream have been checked, those of others have not. */
function keyOf({ origin, guarded }: Upstream): string {
  return guarded ? `guarded ${origin}` : origin;
}

/** The connections to upstreams: opened when needed, kept and reused, the latest one first. */
export class UpstreamClient implements ConnectionOwner {
  readonly #dialer: Dialer;
  readonly #all = new Set<UpstreamConnection>();
  /** Connections that wait for use, those that have waited longest in front. */
  readonly #idle = new Map<string, UpstreamConnection[]>();
  #reaper: NodeJS.Timeout | null = null;

  constructor(dialer: Dialer) {
    this.#dialer = dialer;
  }

  /** Does what the first secure connection would have to wait for. */
  warm(): void {
    this.#dialer.warm();
  }

  /** As `Dialer.viaFor`. */
  viaFor(upstream: Upstream): ProxyAddress | null {
    return this.#dialer.viaFor(upstream);
  }

  /** What an upstream is called where the way to it matters. */
  wayTo(upstream: Upstream): string {
    return this.#dialer.wayTo(upstream);
  }

  /** A connection that was kept; null when there is none. */
  takeIdle(upstream: Upstream): UpstreamConnection | null {
    const idle = this.#idle.get(keyOf(upstream));
    const now = performance.now();
    for (let connection = idle?.pop(); connection !== undefined; connection = idle?.pop()) {
      if (now - connection.idleSince < connection.idleLimitMs) return connection;
      connection.destroy();
    }
    return null;
  }

  /** @throws RefusedCall when the upstream is an address that clients may not reach. */
  open(upstream: Upstream, events: DialEvents, opened: Opened): CancelDial {
    return this.#dialer.dialForRequests(upstream, events, (error, socket) => {
      if (socket === null) opened(error, null);
      else {
        const { secure } = upstream;
        const connection = new UpstreamConnection(socket, secure, keyOf(upstream), this);
        this.#all.add(connection);
        opened(null, connection);
      }
    });
  }

  onIdle(connection: UpstreamConnection): void {
    connection.idleSince = performance.now();
    const idle = this.#idle.get(connection.key);
    if (idle === undefined) this.#idle.set(connection.key, [connection]);
    else idle.push(connection);
    this.#reaper ??= setInterval(() => this.#reap(), REAP_EVERY_MS).unref();
  }

  onLost(connection: UpstreamConnection): void {
    if (!this.#all.delete(connection)) return;
    const idle = this.#idle.get(connection.key) ?? [];
    const at = idle.indexOf(connection);
    if (at !== -1) idle.splice(at, 1);
  }

  /** Closes the connections to one upstream that wait for use. */
  discardIdle(upstream: Upstream): void {
    const idle = this.#idle.get(keyOf(upstream));
    for (let one = idle?.pop(); one !== undefined; one = idle?.pop()) one.destroy();
  }

  /** Closes every connection. */
  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#idle.clear();
    this.#stopReaping();
  }

  #reap(): void {
    const now = performance.now();
    for (const [key, idle] of this.#idle) {
      const old = idle.filter((one) => now - one.idleSince >= one.idleLimitMs);
      for (const connection of old) connection.destroy();
      if (idle.length === 0) this.#idle.delete(key);
    }
    if (this.#idle.size === 0) this.#stopReaping();
  }

  #stopReaping(): void {
    if (this.#reaper !== null) clearInterval(this.#reaper);
    this.#reaper = null;
  }
}
