import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { rawPacketOf } from './client-error.ts';
import { codeOf } from './failure.ts';
import { methodStart } from './method-start.ts';
import { detach, onMessageBegin, stopReading } from './reading-again.ts';

/** A method is a token (RFC 9110 sections 5.6.2 and 9.1); the parser may have skipped empty lines. */
const METHOD = /^(?:\r\n)*(?<method>[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}) /;
/** A method that the parser knows in HTTP alone, and that it treats like one that it does not know. */
const STAND_IN = 'PUT ';
const METHOD_WITHIN_BYTES = 80;

interface Reading {
  /** How much of the connection had been read when the latest request began, and the one before. */
  begun: number;
  begunBefore: number;
  /** The method of the request that is read again, until it is known to be one. */
  method: string | null;
  /** What is to be read again, in pieces. */
  readonly pieces: Buffer[];
  /** What has arrived since. */
  arrived: readonly Buffer[];
}

/**
 * The parser of node:http knows a fixed list of methods and refuses every other, though any token is
 * one. Such a request is read again here by a parser that has read nothing yet, under a method that
 * it knows.
 */
export class UnknownMethods {
  readonly #readings = new WeakMap<Socket, Reading>();

  /** node:http begins to read a connection, maybe again. */
  watch(socket: Socket): void {
    const method = this.#readings.get(socket)?.method ?? null;
    const reading: Reading = { begun: -1, begunBefore: -1, method, pieces: [], arrived: [] };
    this.#readings.set(socket, reading);
    onMessageBegin(socket, () => {
      reading.begunBefore = reading.begun;
      reading.begun = socket.bytesRead;
    });
  }

  /**
   * Keeps a refused request, if all that is wrong with it is a method that is not known.
   *
   * @param before - The request before it on this connection.
   * @returns whether it is kept; else nothing has been done.
   */
  keep(socket: Socket, error: Error, before: IncomingMessage | null): boolean {
    const bytes = rawPacketOf(error);
    const reading = this.#readings.get(socket);
    if (codeOf(error) !== 'HPE_INVALID_METHOD' || bytes === null || reading === undefined)
      return false;
    // Its first letters may have come with the bytes before: the method is not known for sure.
    if (reading.begun !== socket.bytesRead) return false;
    const isBeforeWhole = reading.begunBefore === reading.begun;
    const start = methodStart(bytes, error, before, isBeforeWhole);
    const text = bytes.toString('latin1', start ?? 0, (start ?? 0) + METHOD_WITHIN_BYTES);
    const head = METHOD.exec(text);
    if (start === null || head === null) return false;
    reading.method = head.groups?.['method'] ?? '';
    // A copy, for the bytes are the parser's own while they wait.
    reading.pieces.push(Buffer.from(STAND_IN), Buffer.from(bytes.subarray(start + head[0].length)));
    reading.arrived = stopReading(socket);
    return true;
  }

  /** Makes a connection, on which no answer is due, ready for what was kept to be read. */
  rewind(socket: Socket): void {
    const reading = this.#readings.get(socket);
    if (reading === undefined) return;
    detach(socket);
    socket.unshift(Buffer.concat([...reading.pieces, ...reading.arrived]));
  }

  /** The method of the request that was read again, once; null for any other. */
  take(socket: Socket): string | null {
    const reading = this.#readings.get(socket);
    const method = reading?.method ?? null;
    if (reading !== undefined) reading.method = null;
    return method;
  }
}

/** The head of a request that was read again, as it was sent. */
export function asSent(bytes: Buffer | null, method: string | null): Buffer | null {
  if (method === null || bytes?.toString('latin1', 0, STAND_IN.length) !== STAND_IN) return bytes;
  return Buffer.concat([Buffer.from(`${method} `, 'latin1'), bytes.subarray(STAND_IN.length)]);
}
