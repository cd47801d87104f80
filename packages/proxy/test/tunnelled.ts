import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

/** Opens a tunnel through a proxy; rejects with the answer when there is none. */
export async function tunnel(proxyPort: number, authority: string): Promise<Socket> {
  const socket = connectPlain(proxyPort, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  if (!String(answer).startsWith('HTTP/1.1 200 ')) throw new Error(String(answer));
  return socket;
}

/** Agrees TLS in a tunnel; rejects with why it could not be. */
export async function secured(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  const secure = connectSecure({ socket, ...options });
  onTestFinished(() => {
    secure.destroy();
  });
  await once(secure, 'secureConnect');
  return secure;
}
