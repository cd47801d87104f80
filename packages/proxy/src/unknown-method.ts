import type { Socket } from 'node:net';
import { rawPacketOf } from './client-error.ts';
import { codeOf } from './failure.ts';

/** A method is a token (RFC 9110 sections 5.6.2 and 9.1); the parser may have skipped empty lines. */
const METHOD = /^(?:\r\n)*(?<method>[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}) /;
/** A method that the parser knows, and that it treats like one that it does not know. */
const STAND_IN = 'POST ';
const METHOD_WITHIN_BYTES = 80;
/** What node:http listens to while it reads requests from a connection. */
const READING = ['data', 'end', 'close', 'drain', 'timeout', 'resume', 'pause'];
/** node:http puts versions of its own on the connection, which pass on to the parser. */
const OWN_VERSIONS = ['on', 'addListener', 'removeListener', 'setEncoding'];

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

/** The parser reads the connection's handle itself, past the socket. */
function unconsume(socket: Socket): void {
  const parser = property(socket, 'parser');
  const release = property(parser, 'unconsume');
  if (typeof release === 'function') Reflect.apply(release, parser, []);
  const handle = property(socket, '_handle');
  if (typeof handle === 'object' && handle !== null) Reflect.set(handle, '_consumed', false);
}

function detach(socket: Socket): void {
  unconsume(socket);
  for (const event of READING) socket.removeAllListeners(event);
  for (const name of OWN_VERSIONS) Reflect.deleteProperty(socket, name);
  Reflect.set(socket, 'parser', null);
}

/**
 * The parser of node:http knows a fixed list of methods and refuses every other, though any token is
 * one. The first request of a connection is read again here under a method that the parser knows.
 */
export class UnknownMethods {
  readonly #methods = new WeakMap<Socket, string>();
  /** Bytes that a connection carried before its requests. */
  readonly #readBefore = new WeakMap<Socket, number>();

  /**
   * A connection has become a tunnel, and its first request is yet to come.
   *
   * @param ahead - Bytes of that which have been read already.
   */
  begins(socket: Socket, ahead: number): void {
    this.#readBefore.set(socket, socket.bytesRead - ahead);
  }

  /**
   * Makes a refused connection ready to be read anew, if all that is wrong with it is a method that
   * is not known.
   *
   * @returns whether it is; else nothing has been done.
   */
  rewind(socket: Socket, error: Error): boolean {
    const bytes = rawPacketOf(error);
    // Of a later request some bytes may have been read before, so its method is not known for sure.
    const read = socket.bytesRead - (this.#readBefore.get(socket) ?? 0);
    if (codeOf(error) !== 'HPE_INVALID_METHOD' || read !== bytes?.length) return false;
    const head = METHOD.exec(bytes.toString('latin1', 0, METHOD_WITHIN_BYTES));
    if (head === null) return false;
    this.#methods.set(socket, head.groups?.['method'] ?? '');
    detach(socket);
    socket.pause();
    socket.unshift(Buffer.concat([Buffer.from(STAND_IN), bytes.subarray(head[0].length)]));
    return true;
  }

  /** The method of the request that was read anew, once; null for any other. */
  take(socket: Socket): string | null {
    const method = this.#methods.get(socket) ?? null;
    if (method !== null) this.#methods.delete(socket);
    return method;
  }
}
