import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { isCertifiable } from './authority.ts';
import { originOf } from './origin.ts';
import type { Origin } from './origin.ts';
import type { Tunnel } from './tunnel.ts';

/** What a TLS connection is meant for. */
export interface TlsPlace {
  /** Where its requests lead to; null when it is this proxy itself that the client speaks to. */
  readonly tunnel: Tunnel | null;
  /** What to call it. */
  readonly origin: Origin;
  /** The host that the certificate has to name; null when there is none that one could. */
  readonly certified: string | null;
}

function secureOrigin(host: string, port: number): Origin {
  return originOf(new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`));
}

/** A name as certificates have it: lower-case, without the root's dot. */
function normalised(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The name a client gives may be anything at all. */
function usableName(serverName: string | null): string | null {
  const name = normalised(serverName ?? '');
  return isIP(name) === 0 && isCertifiable(name) ? name : null;
}

function placeInTunnel(to: Origin, name: string | null): TlsPlace {
  // A client that resolves names by itself asks for an address, and names the host only here.
  const isAddress = isIP(to.hostname) !== 0;
  const origin = isAddress && name !== null ? secureOrigin(name, to.port) : to;
  const own = normalised(to.hostname);
  const certified = name ?? (isCertifiable(own) ? own : null);
  return { tunnel: { origin, portFromHost: false }, origin, certified };
}

function ownAddress({ localAddress = '' }: Socket): string {
  return localAddress.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}

/**
 * Finds out what a TLS connection is meant for.
 *
 * @param to - Where a CONNECT has asked it to lead to; null without one.
 * @param serverName - The host that the client names in its handshake.
 * @param ownHost - The name under which the proxy listens.
 */
export function tlsPlace(
  socket: Socket,
  to: Origin | null,
  serverName: string | null,
  ownHost: string,
): TlsPlace {
  const name = usableName(serverName);
  if (to !== null) return placeInTunnel(to, name);
  if (name === null || ['localhost', ownHost, normalised(hostname())].includes(name)) {
    const certified = name ?? ownAddress(socket);
    const origin = secureOrigin(certified, socket.localPort ?? 443);
    return { tunnel: null, origin, certified };
  }
  const origin = secureOrigin(name, 443);
  return { tunnel: { origin, portFromHost: true }, origin, certified: name };
}
