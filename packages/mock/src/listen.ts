import { once } from 'node:events';
import type { Server } from 'node:http';
import { MockError } from './errors.ts';
import type { MockErrorCode } from './errors.ts';

interface Reason {
  readonly code: MockErrorCode;
  readonly sentence: string;
}

const TAKEN: Reason = {
  code: 'PORT_TAKEN',
  sentence: 'another program listens there. Choose another port, or 0 for a free one',
};
const FORBIDDEN: Reason = {
  code: 'PORT_FORBIDDEN',
  sentence: 'this user may not. Choose a port above 1023, or 0 for a free one',
};
const BAD_PORT: Reason = {
  code: 'PORT_INVALID',
  sentence: 'there is no such port. Choose one up to 65535, or 0 for a free one',
};
const BAD_HOST: Reason = {
  code: 'HOST_INVALID',
  sentence: 'this machine has no such address. Use 127.0.0.1, or an address of its own',
};

const REASONS: ReadonlyMap<string, Reason> = new Map([
  ['EADDRINUSE', TAKEN],
  ['EACCES', FORBIDDEN],
  ['EPERM', FORBIDDEN],
  ['ERR_SOCKET_BAD_PORT', BAD_PORT],
  ['EADDRNOTAVAIL', BAD_HOST],
  ['ENOTFOUND', BAD_HOST],
  ['EAI_AGAIN', BAD_HOST],
  ['EINVAL', BAD_HOST],
]);

function listenError(cause: unknown, host: string, port: number): MockError {
  const { message } = cause instanceof Error ? cause : new Error(String(cause));
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS.get(code) ?? {
    code: 'LISTEN_FAILED',
    sentence: `${message}. Choose another host or port`,
  };
  const where = `Failed to listen on ${host} port ${port}`;
  return new MockError(reason.code, `${where}: ${reason.sentence}.`, { cause });
}

/** Where the system deals the connections of one port out to several listeners, says Node's manual. */
const SHARING: ReadonlySet<NodeJS.Platform> = new Set(['linux', 'freebsd', 'sunos', 'aix']);

export function sharesPorts(platform: NodeJS.Platform = process.platform): boolean {
  return SHARING.has(platform);
}

/**
 * Starts to accept connections and returns the port.
 *
 * @param port - 0 picks a free one.
 * @param shared - Others may listen there too, and the system deals connections out to all of them.
 * @throws MockError PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  shared = false,
): Promise<number> {
  try {
    server.listen({ port, host, reusePort: shared });
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port);
  }
  // What comes now is about one connection, such as too many open files, not about the server.
  server.on('error', () => {});
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

const UNSPECIFIED: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** The URL at which a client on this machine reaches a server. */
export function urlOf(host: string, port: number): string {
  const name = UNSPECIFIED.get(host) ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
