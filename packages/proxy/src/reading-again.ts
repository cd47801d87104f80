import type { Socket } from 'node:net';

/** What node:http listens to while it reads requests from a connection. */
const READING = ['data', 'end', 'close', 'drain', 'timeout', 'resume', 'pause'];
/** node:http puts versions of its own on the connection, which pass on to the parser. */
const OWN_VERSIONS = ['on', 'addListener', 'prependListener', 'removeListener', 'setEncoding'];
/** Where the parser looks for what to call when a message begins; null while there is nothing. */
const ON_MESSAGE_BEGIN = 0;

function property(of: unknown, name: string | number): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function call(of: unknown, name: string): void {
  const method = property(of, name);
  if (typeof method === 'function') Reflect.apply(method, of, []);
}

/** Tells of each first byte of a request that node:http reads from a connection, as it is read. */
export function onMessageBegin(socket: Socket, told: () => void): void {
  const parser = property(socket, 'parser');
  if (typeof parser !== 'object' || parser === null) return;
  if (property(parser, ON_MESSAGE_BEGIN) === null) Reflect.set(parser, ON_MESSAGE_BEGIN, told);
}

/**
 * Has node:http read nothing more from a connection; answers that are due go out on it as before.
 *
 * @returns where what arrives nevertheless will be: reading a content to its end lets more in.
 */
export function stopReading(socket: Socket): Buffer[] {
  const parser = property(socket, 'parser');
  // The parser reads the connection's handle itself, past the socket.
  call(parser, 'unconsume');
  const handle = property(socket, '_handle');
  if (typeof handle === 'object' && handle !== null) Reflect.set(handle, '_consumed', false);
  // Else its request head would be found to be late.
  call(parser, 'remove');
  socket.pause();
  socket.removeAllListeners('data');
  const arrived: Buffer[] = [];
  socket.on('data', (piece: Buffer) => {
    arrived.push(piece);
    socket.pause();
  });
  return arrived;
}

/** Makes a connection, on which no answer is due, as if node:http had never read from it. */
export function detach(socket: Socket): void {
  const parser = property(socket, 'parser');
  // Not at once: it may be what called.
  setImmediate(() => call(parser, 'close'));
  for (const event of READING) socket.removeAllListeners(event);
  for (const name of OWN_VERSIONS) Reflect.deleteProperty(socket, name);
  Reflect.set(socket, 'parser', null);
  socket.setTimeout(0);
  socket.pause();
}
