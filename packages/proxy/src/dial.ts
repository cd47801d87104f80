import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { AddressGuard } from './address-guard.ts';
import { trustContext } from './trusted-roots.ts';
import type { Upstream } from './upstream.ts';

/** Told while a connection opens, in this order; a step that does not apply is left out. */
export interface DialEvents {
  onLooked(): void;
  /** The TCP connection stands. */
  onConnected(): void;
  /** TLS has been agreed. */
  onSecured(): void;
}

/** Called once: with a connection that requests can be sent on, or with why there is none. */
export type Dialled = (error: Error | null, socket: Socket | null) => void;

/** Gives up a connection that is still being opened; `Dialled` is not called any more. */
export type CancelDial = () => void;

/** Opens connections to upstreams. */
export class Dialer {
  readonly #extraRoots: readonly string[];
  readonly #guard: AddressGuard;
  #context: SecureContext | null = null;

  /** @param extraRoots - PEM roots to trust besides the system's. */
  constructor(extraRoots: readonly string[], guard: AddressGuard) {
    this.#extraRoots = extraRoots;
    this.#guard = guard;
  }

  /** Reads the trusted roots, which takes a tenth of a second, unless a call has done so already. */
  warm(): SecureContext {
    this.#context ??= trustContext(this.#extraRoots);
    return this.#context;
  }

  /** @throws RefusedCall when the upstream is an address that clients may not reach. */
  dial(upstream: Upstream, events: DialEvents, dialled: Dialled): CancelDial {
    const { hostname: host, port, secure } = upstream;
    this.#guard.checkLiteral(upstream);
    const lookup = this.#guard.lookupFor(upstream);
    // `autoSelectFamily`: a server on localhost may listen on ::1 or on 127.0.0.1 only.
    const where = { host, port, autoSelectFamily: true, lookup };
    const socket = secure
      ? connectSecure({ ...where, secureContext: this.warm(), servername: host })
      : connect(where);
    socket.once('lookup', () => events.onLooked());
    socket.once('connect', () => events.onConnected());
    if (secure) socket.once('secureConnect', () => events.onSecured());
    const fail = (error: Error): void => dialled(error, null);
    socket.once('error', fail);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail);
      dialled(null, socket);
    });
    return () => {
      socket.off('error', fail).on('error', () => {});
      socket.destroy();
    };
  }
}
