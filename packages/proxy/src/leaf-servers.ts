import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Authority } from './authority.ts';
import { HANDSHAKE_MS } from './handshake-failure.ts';

/** Servers kept ready; each costs some 50 KB and half a millisecond to make. */
const MAX_KEPT = 256;
/** A certificate is renewed this long before it ends, ms. */
const RENEW_BEFORE_MS = 60 * 60 * 1000;

/** Told how each handshake ended. */
export interface HandshakeEvents {
  onSecure(socket: TLSSocket): void;
  onFailed(error: Error, socket: TLSSocket): void;
}

/** What a server shows to clients. */
export interface Offer {
  /** What the certificate names. */
  readonly host: string;
  /** For ALPN (RFC 7301), the preferred one first. */
  readonly protocols: readonly string[];
}

interface Kept {
  readonly server: Server;
  readonly expiresAt: number;
}

/**
 * TLS servers that listen nowhere: each agrees TLS, with a certificate for one host, on the
 * connections that are given to it. There is one for every purpose that the user of this names by
 * `key`, because a server of node:tls does not tell which connection a handshake was on.
 */
export class LeafServers {
  readonly #authority: Authority;
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();

  constructor(authority: Authority) {
    this.#authority = authority;
  }

  /** @param key - Stands for the purpose, and for what the server is to offer. */
  serverFor(key: string, offer: Offer, events: () => HandshakeEvents): Server {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    const isFresh = found !== undefined && Date.now() < found.expiresAt - RENEW_BEFORE_MS;
    const kept = isFresh ? found : this.#make(offer, events());
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return kept.server;
  }

  #make({ host, protocols }: Offer, events: HandshakeEvents): Kept {
    const { certificatePem, keyPem, expiresAt } = this.#authority.leafFor(host);
    const server = createServer({
      cert: certificatePem,
      key: keyPem,
      ALPNProtocols: [...protocols],
      handshakeTimeout: HANDSHAKE_MS,
    });
    server.on('secureConnection', (socket) => events.onSecure(socket));
    server.on('tlsClientError', (error, socket) => events.onFailed(error, socket));
    return { server, expiresAt };
  }
}
