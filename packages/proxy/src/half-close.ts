import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfter } from './close-after.ts';

/**
 * A client that ends its side may still read its answer, or may be gone: both look the same until
 * something is written to it. This long it gets the benefit of the doubt, ms.
 */
const GRACE_MS = 1000;

/**
 * A connection whose client has ended its side carries the answers that are due and is closed behind
 * them, or sooner when nothing could be sent on it for a while. What is sent meanwhile either arrives
 * or brings a reset, which closes the connection by itself.
 *
 * @param pending - The last answer still due on this connection, if any.
 */
export function onHalfClose(socket: Socket, pending: ServerResponse | null): void {
  if (pending !== null) closeAfter(pending, socket);
  const sentBefore = socket.bytesWritten;
  const timer = setTimeout(() => {
    if (socket.bytesWritten === sentBefore) socket.destroy();
  }, GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}
