import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Authority } from './authority.ts';
import { carrierOf } from './carrier.ts';
import { Deadline } from './deadline.ts';
import {
  distrust,
  HANDSHAKE_MS,
  handshakeFailure,
  invalidHandshake,
  isDistrust,
  stalled,
} from './handshake-failure.ts';
import type { HandshakeFailure } from './handshake-failure.ts';
import type { Interception } from './interception.ts';
import { LeafServers } from './leaf-servers.ts';
import type { HandshakeEvents, Offer } from './leaf-servers.ts';
import { onClientHello } from './on-client-hello.ts';
import type { Origin } from './origin.ts';
import { tlsPlace } from './tls-place.ts';
import type { TlsPlace } from './tls-place.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * Clients that check the certificate only after a whole handshake, as Node.js does with TLS 1.2, then
 * close without a word: within this time, ms.
 */
const SECOND_THOUGHTS_MS = 1000;

export interface TlsDoorOptions {
  readonly authority: Authority;
  readonly intercepts: Interception;
  /** Offer HTTP/2 as well. */
  readonly http2: boolean;
  /** The name under which the proxy listens. */
  readonly host: string;
  /** @param durationMs - From the client's first byte to the failure. */
  readonly onFailure: (failure: HandshakeFailure, to: Origin, durationMs: number) => void;
}

/** Where a connection goes on. */
export interface TlsWays {
  /** Its requests are to be answered; null when they are meant for the proxy itself. */
  secured(socket: TLSSocket, tunnel: Tunnel | null): void;
  /** Its bytes are to be passed on as they are; nothing has been read of them. */
  unread(socket: Socket, to: Origin): void;
}

function ignore(): void {}

/** Agrees TLS with clients in place of the hosts that they call, and lets the others pass. */
export class TlsDoor {
  readonly #options: TlsDoorOptions;
  readonly #ways: TlsWays;
  readonly #servers: LeafServers;
  readonly #startedAt = new WeakMap<Socket, number>();
  #closed = false;

  constructor(options: TlsDoorOptions, ways: TlsWays) {
    this.#options = options;
    this.#ways = ways;
    this.#servers = new LeafServers(options.authority);
  }

  /**
   * Takes over a connection whose first byte is one of TLS. Whoever calls closes it in the end.
   *
   * @param to - Where a CONNECT has asked it to lead to; null without one.
   */
  take(socket: Socket, to: Origin | null): void {
    const deadline = new Deadline();
    const named = to ?? tlsPlace(socket, to, null, this.#options.host).origin;
    const giveUp = (failure: HandshakeFailure): void => {
      this.#fail(failure, named, socket);
      socket.destroy();
    };
    const onEnd = (): void => {
      giveUp(invalidHandshake(named.authority, 'it ends in the middle of its first message'));
    };
    this.#startedAt.set(socket, performance.now());
    deadline.start(HANDSHAKE_MS, () => giveUp(stalled(named.authority)));
    socket.once('end', onEnd);
    socket.once('close', () => deadline.stop());
    onClientHello(socket, ({ serverName, protocols }) => {
      deadline.stop();
      socket.off('end', onEnd);
      const place = tlsPlace(socket, to, serverName, this.#options.host);
      this.#go(socket, to, place, this.#protocolsFor(protocols));
    });
  }

  /** What clients do from here on is no failure of theirs. */
  close(): void {
    this.#closed = true;
  }

  #go(socket: Socket, to: Origin | null, place: TlsPlace, protocols: readonly string[]): void {
    const { tunnel, origin, certified } = place;
    if (tunnel !== null && !this.#options.intercepts(origin, to ?? origin)) {
      this.#ways.unread(socket, to ?? origin);
    } else if (certified === null) {
      const detail = 'no certificate can name that host';
      this.#fail(invalidHandshake(origin.authority, detail), origin, socket);
      socket.destroy();
    } else this.#agree(socket, place, { host: certified, protocols });
  }

  /** HTTP/2 also goes to those that would have nothing else, such as clients of gRPC. */
  #protocolsFor(offered: readonly string[]): string[] {
    const isHttp2Alone = offered.includes('h2') && !offered.includes('http/1.1');
    return this.#options.http2 || isHttp2Alone ? ['h2', 'http/1.1'] : ['http/1.1'];
  }

  #agree(socket: Socket, place: TlsPlace, offer: Offer): void {
    const { origin, tunnel } = place;
    const key = JSON.stringify([origin.origin, offer, tunnel?.portFromHost]);
    const server = this.#servers.serverFor(key, offer, () => this.#eventsFor(place));
    // Else a client that ends the connection instead of the handshake goes unnoticed.
    socket.allowHalfOpen = false;
    server.emit('connection', socket);
  }

  #eventsFor({ origin, tunnel }: TlsPlace): HandshakeEvents {
    const { certificateFile } = this.#options.authority;
    const attempted = { authority: origin.authority, certificateFile };
    return {
      onFailed: (error, socket) => {
        this.#fail(handshakeFailure(error, attempted), origin, carrierOf(socket));
        socket.destroy();
      },
      onSecure: (socket) => {
        this.#watch(socket, (reason) => {
          const failure =
            reason === null
              ? distrust(attempted, 'closed the connection right after the handshake')
              : handshakeFailure(reason, attempted);
          this.#fail(failure, origin, carrierOf(socket));
        });
        // A client of HTTP/1.1 may end its side and still read; in HTTP/2 that is for each stream to say.
        socket.allowHalfOpen = socket.alpnProtocol !== 'h2';
        this.#ways.secured(socket, tunnel);
      },
    };
  }

  /** @param left - Called when the client goes before it has sent a single byte. */
  #watch(socket: TLSSocket, left: (reason: Error | null) => void): void {
    const securedAt = performance.now();
    let reason: Error | null = null;
    socket.on('error', (error: Error) => {
      reason ??= error;
    });
    socket.once('close', () => {
      const isEarly = performance.now() - securedAt < SECOND_THOUGHTS_MS;
      if (socket.bytesRead === 0 && (isEarly || isDistrust(reason))) left(reason);
    });
  }

  #fail(failure: HandshakeFailure, to: Origin, socket: Socket): void {
    socket.on('error', ignore);
    if (this.#closed) return;
    const startedAt = this.#startedAt.get(socket) ?? performance.now();
    this.#options.onFailure(failure, to, performance.now() - startedAt);
  }
}
