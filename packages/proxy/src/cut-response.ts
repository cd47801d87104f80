import type { Socket } from 'node:net';
import type { ServerResponse } from 'node:http';

function cutSocket(socket: Socket, framed: boolean): void {
  if (framed) socket.destroySoon();
  // Without framing an orderly close would look like a whole answer (RFC 9112 section 8).
  else socket.write('', () => socket.resetAndDestroy());
}

/**
 * Breaks off a response that cannot be completed: what came of it still reaches the client, its end
 * never does. A pipelined response is cut when its turn comes.
 *
 * @param framed - Whether the client can tell a cut answer by its length or chunks.
 */
export function cutResponse(response: ServerResponse, framed: boolean): void {
  if (response.socket !== null) cutSocket(response.socket, framed);
  else response.once('socket', (socket: Socket) => cutSocket(socket, framed));
}
