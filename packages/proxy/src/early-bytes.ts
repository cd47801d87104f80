import type { Socket } from 'node:net';
import { onHalfClose } from './half-close.ts';

/** What a client may send before it has its answer, bytes. */
const MOST = 64 * 1024;

/**
 * What a client sends before its handshake is answered. To read it is the only way to see a client
 * leave.
 */
export class EarlyBytes {
  readonly #socket: Socket;
  readonly #pieces: Buffer[] = [];
  readonly #onData = (piece: Buffer): void => this.#add(piece);
  readonly #onEnd = (): void => onHalfClose(this.#socket, null);
  #length = 0;

  /** @param head - What was read together with the handshake. */
  constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    if (head.length > 0) this.#pieces.push(head);
    socket.on('data', this.#onData);
    socket.once('end', this.#onEnd);
  }

  /** Stops reading and hands over what was read; the connection waits for who comes next. */
  take(): Buffer {
    this.#socket.pause();
    this.#socket.off('data', this.#onData).off('end', this.#onEnd);
    return Buffer.concat(this.#pieces);
  }

  #add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length > MOST) this.#socket.pause();
  }
}
