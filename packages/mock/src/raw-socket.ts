import { Socket } from 'node:net';
import type { RawStep } from './step.ts';

/**
 * The TCP socket under the one that a request came on: that one itself, or what lies below its TLS.
 * node:tls refuses to reset (`ERR_INVALID_HANDLE_TYPE`), so a server with TLS has to accept on
 * node:net and hand the socket on with `emit('connection', socket)`; then it is to be found here.
 */
function rawSocketOf(socket: Socket): Socket {
  const below: unknown = Reflect.get(socket, '_parent');
  return below instanceof Socket ? below : socket;
}

/** Ends a connection with RST. `destroy` would send a FIN, which clients report differently. */
export function resetRaw(socket: Socket): void {
  rawSocketOf(socket).resetAndDestroy();
}

/** Writes bytes past the framing of the response; inside TLS where there is some. */
export function writeRaw(socket: Socket | null, { bytes }: RawStep): void {
  socket?.write(bytes);
}
