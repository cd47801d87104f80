import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Takes each accepted connection before node:http reads it, as whoever shares the port with another
 * protocol has to.
 *
 * @returns what hands a connection on to node:http.
 */
export function beforeHttp(
  server: Server,
  take: (socket: Socket) => void,
): (socket: Socket) => void {
  const own = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', take);
  return (socket) => {
    for (const listener of own) Reflect.apply(listener, server, [socket]);
  };
}
