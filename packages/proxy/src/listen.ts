import { once } from 'node:events';
import type { Server } from 'node:http';
import { ProxyError } from './errors.ts';
import { codeOf } from './failure.ts';

function listenError(error: Error, host: string, port: number): ProxyError {
  const where = `${host}:${port}`;
  const options = { cause: error };
  switch (codeOf(error)) {
    case 'EADDRINUSE': {
      const message = `Port ${port} on ${host} is taken by another program. Stop it, or choose another port (0 finds a free one).`;
      return new ProxyError('PORT_TAKEN', message, options);
    }
    case 'EACCES':
    case 'EPERM': {
      const message = `This user may not listen on ${where}. Choose a port above 1023 (0 finds a free one).`;
      return new ProxyError('PORT_FORBIDDEN', message, options);
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL': {
      const message = `"${host}" is not an address of this machine. Listen on 127.0.0.1, ::1 or localhost.`;
      return new ProxyError('HOST_INVALID', message, options);
    }
    default: {
      const message = `Failed to listen on ${where}: ${error.message}. Choose another host or port.`;
      return new ProxyError('LISTEN_FAILED', message, options);
    }
  }
}

/** Where a server accepts connections. */
export interface Bound {
  readonly address: string;
  readonly port: number;
}

/**
 * Starts to accept connections and returns where.
 *
 * @param shared - Others may listen there too, and the system deals connections out to all of them.
 * @throws ProxyError when it cannot.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  shared = false,
): Promise<Bound> {
  try {
    server.listen({ port, host, reusePort: shared });
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error instanceof Error ? error : new Error(String(error)), host, port);
  }
  // From here on an error is a connection that could not be accepted, too many open files say.
  server.on('error', () => {});
  const address = server.address();
  return typeof address === 'object' && address !== null ? address : { address: host, port };
}
