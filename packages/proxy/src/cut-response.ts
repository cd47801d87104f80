import { Socket } from 'node:net';
import { reset } from './carrier.ts';
import type { ClientResponse, ResponseChannel } from './client-side.ts';

function cutChannel(channel: ResponseChannel, framed: boolean): void {
  if (framed || !(channel instanceof Socket)) channel.destroySoon();
  // Without framing an orderly close would look like a whole answer (RFC 9112 section 8).
  else channel.write('', () => reset(channel));
}

/**
 * Breaks off a response that cannot be completed: what came of it still reaches the client, its end
 * never does. A pipelined response is cut when its turn comes.
 *
 * @param framed - Whether the client can tell a cut answer by its length or chunks.
 */
export function cutResponse(response: ClientResponse, framed: boolean): void {
  if (response.socket !== null) cutChannel(response.socket, framed);
  else response.once('socket', (channel) => cutChannel(channel, framed));
}
