import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * The connection that TLS was agreed on, where it can be told: node:tls has no public way to it. Any
 * other connection is its own.
 */
export function carrierOf(socket: Socket): Socket {
  const parent: unknown = socket instanceof TLSSocket ? Reflect.get(socket, '_parent') : null;
  return parent instanceof Socket ? parent : socket;
}

/**
 * Ends a connection with a reset. The TCP connection at the bottom has to do it: what closes a TLS
 * connection looks like an orderly end.
 */
export function reset(socket: Socket): void {
  const carrier = carrierOf(socket);
  if (carrier !== socket) reset(carrier);
  else if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
