import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import { carrierOf } from './carrier.ts';
import type { Failure } from './failure.ts';
import { onFirstByte } from './first-byte.ts';
import { originOf } from './origin.ts';
import type { Origin } from './origin.ts';
import { passOn } from './sealed-tunnel.ts';
import { TlsDoor } from './tls-door.ts';
import type { TlsDoorOptions } from './tls-door.ts';
import type { Tunnel } from './tunnel.ts';

/** Host and port, both needed (RFC 9112 section 3.2.3). */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+):\d{1,5}$/i;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
/** The first byte of a TLS connection: a record of type handshake (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;
/** A tunnel through which nothing has come for this long is closed, ms. */
const SILENCE_MS = 120_000;
/** As is a connection without a tunnel, ms: its request head would be late by then. */
const HEAD_MS = 20_000;

/**
 * Takes over a connection whose requests are to be answered.
 *
 * @param tunnel - Where it leads to; null when the requests say so themselves.
 */
export type Adopt = (socket: Socket, tunnel: Tunnel | null) => void;

function ignore(): void {}

function invalidAuthority(target: string): Failure {
  const message = `CONNECT names "${target.slice(0, 100)}", which is not a host with a port such as api.example.com:443. Correct the client.`;
  return { status: 400, code: 'FORWARD_TARGET_INVALID', message };
}

/**
 * Finds out by the first byte what a client speaks, in the tunnel it has asked for by CONNECT or
 * without one. HTTP is recorded, in the clear or in TLS; TLS that must not be read is passed on.
 */
export class TunnelDoor {
  readonly #guard: AddressGuard;
  readonly #onUnrecorded: (authority: string) => void;
  readonly #tls: TlsDoor | null;
  /** Connections that no listener answers (yet). */
  readonly #waiting = new Map<Socket, () => void>();
  #adopt: Adopt = (socket) => socket.destroy();

  /**
   * @param onUnrecorded - Told where each tunnel leads that is passed on unread.
   * @param tls - How TLS is read; null passes all of it on.
   */
  constructor(
    guard: AddressGuard,
    onUnrecorded: (authority: string) => void,
    tls: TlsDoorOptions | null = null,
  ) {
    this.#guard = guard;
    this.#onUnrecorded = onUnrecorded;
    const secured: Adopt = (socket, tunnel) => this.#handOn(socket, tunnel);
    const unread = (socket: Socket, to: Origin): void => this.#passOn(socket, to);
    this.#tls = tls === null ? null : new TlsDoor(tls, { secured, unread });
  }

  /** Says who answers requests. */
  attach(adopt: Adopt): void {
    this.#adopt = adopt;
  }

  /** @returns why there is no tunnel; null when the door has taken the connection over. */
  open({ socket, url: target = '' }: IncomingMessage, head: Buffer): Failure | null {
    const [plain, secure] = ['http', 'https'].map((scheme) =>
      AUTHORITY.test(target) ? URL.parse(`${scheme}://${target}`) : null,
    );
    if (!plain || !secure) return invalidAuthority(target);
    socket.write(ESTABLISHED);
    this.#await(socket, head, SILENCE_MS, (byte) => {
      if (byte === TLS_HANDSHAKE) this.#onTls(socket, originOf(secure));
      else this.#handOn(socket, { origin: originOf(plain), portFromHost: false });
    });
    return null;
  }

  /** Takes a connection over on which nothing has been read. */
  meet(socket: Socket): void {
    this.#await(socket, Buffer.alloc(0), HEAD_MS, (byte) => {
      if (byte === TLS_HANDSHAKE && this.#tls !== null) this.#tls.take(socket, null);
      else this.#handOn(socket, null);
    });
  }

  /** Closes what no listener closes. */
  close(): void {
    this.#tls?.close();
    for (const socket of this.#waiting.keys()) socket.destroy();
  }

  #await(socket: Socket, head: Buffer, silenceMs: number, known: (byte: number) => void): void {
    const forget = (): void => {
      this.#waiting.delete(socket);
    };
    const leave = (): void => {
      socket.destroy();
    };
    socket.on('error', ignore);
    socket.once('close', forget);
    socket.once('end', leave);
    socket.setTimeout(silenceMs, leave);
    this.#waiting.set(socket, () => {
      forget();
      socket.off('close', forget).off('error', ignore);
    });
    onFirstByte(socket, head, (byte) => {
      socket.setTimeout(0);
      socket.off('end', leave).off('timeout', leave);
      known(byte);
    });
  }

  #handOn(socket: Socket, tunnel: Tunnel | null): void {
    this.#waiting.get(carrierOf(socket))?.();
    this.#adopt(socket, tunnel);
  }

  #onTls(socket: Socket, to: Origin): void {
    if (this.#tls === null) this.#passOn(socket, to);
    else this.#tls.take(socket, to);
  }

  #passOn(socket: Socket, to: Origin): void {
    this.#onUnrecorded(`${to.hostname}:${to.port}`);
    passOn(socket, to, this.#guard);
  }
}
