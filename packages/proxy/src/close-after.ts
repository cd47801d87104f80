import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Ends a connection once an answer that is still due on it is out. */
export function closeAfter(response: ServerResponse, socket: Socket): void {
  response.shouldKeepAlive = false;
  response.once('close', () => socket.destroySoon());
}
