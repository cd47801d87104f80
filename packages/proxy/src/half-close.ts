import type { Socket } from 'node:net';

/**
 * A client that ends its side may still read its answer, or may be gone: both look the same until
 * something is written to it. This long it gets the benefit of the doubt, ms.
 */
const GRACE_MS = 1000;

/**
 * Closes a connection whose client has ended its side when nothing could be sent on it for a while.
 * What is sent meanwhile either arrives or brings a reset, which closes the connection by itself.
 */
export function closeWhenLeft(socket: Socket): void {
  socket.on('end', () => {
    const sentBefore = socket.bytesWritten;
    const timer = setTimeout(() => {
      if (socket.bytesWritten === sentBefore) socket.destroy();
    }, GRACE_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}
