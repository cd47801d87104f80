import type { Socket } from 'node:net';
import { Deadline } from './deadline.ts';
import type { CancelDial, Dialer } from './dial.ts';
import { connectTimeout, sendFailure, upstreamFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import type { HostMap } from './host-map.ts';
import { lastWords } from './last-words.ts';
import type { Origin } from './origin.ts';
import type { Upstream } from './upstream.ts';

/** A fatal TLS alert, internal_error: no other says less of what is wrong (RFC 8446 section 6). */
const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]);

function joined(one: Socket, other: Socket): void {
  one.pipe(other);
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
}

/** The client means to speak TLS with the host it has asked for. */
function unmappable(authority: string, { origin }: Upstream): Failure {
  const message = `The encrypted calls to ${authority} are not read, so they cannot go to ${origin}, where that host is mapped to. Map it to an https URL, or have its calls read.`;
  return { status: 502, code: 'FORWARD_TARGET_REFUSED', message };
}

/** @param durationMs - From when it was to be passed on to the failure. */
export type TunnelFailed = (failure: Failure, to: Origin, durationMs: number) => void;

/** Encrypted tunnels, whose bytes are passed on in both directions, unread. */
export class SealedTunnels {
  readonly #dialer: Dialer;
  readonly #map: HostMap;
  readonly #connectTimeoutMs: number;
  readonly #onFailure: TunnelFailed;

  /**
   * @param connectTimeoutMs - How long the other end may take to accept the connection; 0 for no limit.
   * @param onFailure - Told where a tunnel should have led, and why it does not.
   */
  constructor(dialer: Dialer, map: HostMap, connectTimeoutMs: number, onFailure: TunnelFailed) {
    this.#dialer = dialer;
    this.#map = map;
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#onFailure = onFailure;
  }

  /**
   * Takes over a client's connection; ends it with an alert when the other end cannot be reached. The
   * client has been told that the tunnel stands.
   */
  passOn(client: Socket, to: Origin): void {
    const startedAt = performance.now();
    const fail = (failure: Failure): void => {
      lastWords(client, ALERT);
      this.#onFailure(failure, to, performance.now() - startedAt);
    };
    const mapped = this.#map.find(to);
    const upstream = mapped ?? { ...to, secure: true, basePath: '', guarded: true };
    if (!upstream.secure) fail(unmappable(`${to.hostname}:${to.port}`, upstream));
    else this.#dial(client, upstream, fail);
  }

  #dial(client: Socket, upstream: Upstream, fail: (failure: Failure) => void): void {
    const failed = (error: Error): void => {
      fail(upstreamFailure(error, `${upstream.hostname}:${upstream.port}`, false));
    };
    const deadline = new Deadline();
    const opened = (error: Error | null, far: Socket | null): void => {
      deadline.stop();
      client.off('close', leave);
      if (far === null) failed(error ?? new Error('the connection was closed'));
      else {
        joined(client, far);
        joined(far, client);
      }
    };
    let cancel: CancelDial | null = null;
    const leave = (): void => {
      deadline.stop();
      cancel?.();
    };
    client.once('close', leave);
    deadline.start(this.#connectTimeoutMs, () => {
      leave();
      const way = this.#dialer.wayTo(upstream);
      fail(connectTimeout(way, this.#connectTimeoutMs));
    });
    try {
      cancel = this.#dialer.tunnel(upstream, opened);
    } catch (error) {
      deadline.stop();
      fail(sendFailure(error));
    }
  }
}
