import type { Socket } from 'node:net';
import type { SocksClient, SocksProxy } from 'socks';
import type { Tunnelled } from './connect-handshake.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { proxyDenied, proxyRefused, proxyUnreachable } from './proxy-failure.ts';

/** The caller has a limit of its own, so this one only has to be longer, ms. */
const NO_LIMIT_MS = 2 ** 31 - 1;
const DENIED = /authentication/i;
const REJECTED = /rejected connection(?: - \(?(?<why>[^)]*)\)?)?/i;

/** Not before there is such a proxy. */
async function load(): Promise<typeof SocksClient> {
  return (await import('socks')).SocksClient;
}

/** The library tells its errors apart by their sentences alone. */
function errorOf(proxy: ProxyAddress, to: string, message: string): Error {
  if (DENIED.test(message)) return proxyDenied(proxy, message);
  const rejected = REJECTED.exec(message);
  if (rejected === null) return proxyUnreachable(proxy, new Error(message));
  return proxyRefused(proxy, to, rejected.groups?.['why'] ?? 'rejected');
}

function proxyOf({ scheme, hostname, port, username, password }: ProxyAddress): SocksProxy {
  return {
    host: hostname,
    port,
    type: scheme.startsWith('socks4') ? 4 : 5,
    ...(username === '' ? {} : { userId: username }),
    ...(password === '' ? {} : { password }),
  };
}

/**
 * Asks a SOCKS proxy for a connection (RFC 1928, RFC 1929).
 *
 * @param host - Name or address where it is to lead; the proxy resolves a name.
 */
export function socksHandshake(
  socket: Socket,
  proxy: ProxyAddress,
  { host, port }: { readonly host: string; readonly port: number },
  tunnelled: Tunnelled,
): void {
  const fail = (error: unknown): void => {
    const { message } = error instanceof Error ? error : new Error(String(error));
    tunnelled(errorOf(proxy, `${host}:${port}`, message));
  };
  load().then((SocksClient) => {
    const client = new SocksClient({
      proxy: proxyOf(proxy),
      command: 'connect',
      destination: { host, port },
      timeout: NO_LIMIT_MS,
    });
    client.once('established', () => tunnelled(null));
    client.once('error', fail);
    return client.connect(socket);
  }, fail);
}
