import type { Socket } from 'node:net';
import { readClientHello } from './client-hello.ts';
import type { ClientHello } from './client-hello.ts';

/**
 * Waits for a TLS client's first message and leaves it there to be read.
 *
 * @param known - Not called when the connection ends before.
 * @returns what gives up waiting.
 */
export function onClientHello(socket: Socket, known: (hello: ClientHello) => void): () => void {
  let bytes = Buffer.alloc(0);
  const look = (): void => {
    const piece: unknown = socket.read();
    if (!Buffer.isBuffer(piece)) return;
    bytes = Buffer.concat([bytes, piece]);
    const hello = readClientHello(bytes);
    if (hello === null) return;
    socket.off('readable', look);
    socket.unshift(bytes);
    known(hello);
  };
  socket.on('readable', look);
  return () => {
    socket.off('readable', look);
  };
}
