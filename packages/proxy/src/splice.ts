import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TapeWriter } from '@calltape/store';

const NOTHING = Buffer.alloc(0);

/** One of two connections that are joined, and who reads along in what comes from it. */
export interface Side {
  readonly socket: Socket;
  onPiece(piece: Buffer): void;
  /** Nothing more comes from it: `error` is null after an orderly end. Told once. */
  onOver(error: Error | null): void;
}

/** Breaks a connection off so that the other end can tell it from an orderly close. */
function reset(socket: Socket): void {
  // A TLS connection cannot be reset by itself.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** What has come still reaches the other end, then it is told of the break. */
function resetBehind(socket: Socket): void {
  if (socket.writable) socket.write(NOTHING, () => reset(socket));
  else socket.destroy();
}

/** Passes on what comes from one side, as fast as the other side and the tape take it. */
function passOn(from: Side, to: Socket, writer: TapeWriter): void {
  const { socket } = from;
  let over = false;
  const tellOver = (error: Error | null): void => {
    if (!over) from.onOver(error);
    over = true;
  };
  const resume = (): void => {
    socket.resume();
  };
  socket.on('data', (piece: Buffer) => {
    if (!to.writable) return;
    const goesOn = to.write(piece);
    from.onPiece(piece);
    if (!goesOn) {
      socket.pause();
      to.once('drain', () => writer.onceDrained(resume));
    } else if (writer.full) {
      socket.pause();
      writer.onceDrained(resume);
    }
  });
  socket.on('end', () => {
    tellOver(null);
    to.end();
  });
  socket.on('error', (error: Error) => {
    tellOver(error);
    resetBehind(to);
  });
  socket.on('close', () => {
    tellOver(null);
    // What has ended in order is followed by all that is still on its way.
    if (socket.readableEnded) to.destroySoon();
    else if (!socket.errored) to.destroy();
  });
}

/**
 * Joins two connections: bytes, ends and breaks of each reach the other.
 *
 * @param closed - Called once, when the first of them is closed and nothing can pass any more.
 */
export function splice(one: Side, other: Side, writer: TapeWriter, closed: () => void): void {
  let open = true;
  const onClose = (): void => {
    if (open) closed();
    open = false;
  };
  passOn(one, other.socket, writer);
  passOn(other, one.socket, writer);
  one.socket.once('close', onClose);
  other.socket.once('close', onClose);
}
