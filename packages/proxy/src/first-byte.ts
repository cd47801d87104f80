import type { Socket } from 'node:net';

/**
 * Waits for the first byte of a connection and leaves it there to be read.
 *
 * @param head - What was read of the connection already.
 * @param known - Not called when the connection ends before.
 */
export function onFirstByte(socket: Socket, head: Buffer, known: (byte: number) => void): void {
  if (head.length > 0) socket.unshift(head);
  const look = (): void => {
    // A listener for `data` in place of this would leave the connection paused for who comes next.
    const piece: unknown = socket.read();
    if (!Buffer.isBuffer(piece)) return;
    socket.off('readable', look);
    socket.unshift(piece);
    known(piece[0] ?? 0);
  };
  socket.on('readable', look);
}
