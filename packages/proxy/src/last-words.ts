import type { Socket } from 'node:net';

/** A client that has been sent the last answer on its connection gets this long to close it, ms. */
const LINGER_MS = 2000;

function ignore(): void {}

/** Sends the last that there is to say on a connection, and closes it once that has been read. */
export function lastWords(socket: Socket, bytes: Buffer): void {
  socket.on('error', ignore);
  // What still comes is read, or the answer would be lost to a reset.
  socket.resume();
  socket.end(bytes, () => socket.setTimeout(LINGER_MS, () => socket.destroy()));
}
