import type { Socket } from 'node:net';
import type { Marks } from './timings.ts';

/** Many servers close a connection that was idle for 5 s; ours are dropped before that, ms. */
export const IDLE_CONNECTION_MS = 4000;

function ignore(): void {}

export interface OpeningEvents {
  /** The TCP connection stands. */
  onConnected(): void;
  /** Requests can be sent on it. */
  onOpen(): void;
}

/**
 * Follows a connection while it opens and notes when its name was resolved, when it was connected
 * and when TLS was agreed. No listener stays behind on the connection, which outlives the call.
 *
 * @param secure - Whether TLS follows.
 * @param now - Milliseconds since the call started.
 */
export function watchOpening(
  socket: Socket,
  secure: boolean,
  marks: Marks,
  now: () => number,
  events: OpeningEvents,
): void {
  const onLookup = (): void => {
    marks.looked = now();
  };
  socket.once('lookup', onLookup);
  socket.once('connect', () => {
    marks.connected = now();
    socket.off('lookup', onLookup);
    events.onConnected();
    if (!secure) events.onOpen();
  });
  if (secure) {
    socket.once('secureConnect', () => {
      marks.secured = now();
      events.onOpen();
    });
  }
  // node:http listens only while a call or the pool has the connection, with gaps in between.
  socket.on('error', ignore);
  // Runs on while the connection is in use, where it has no effect: only idle ones are closed by it.
  socket.setTimeout(IDLE_CONNECTION_MS);
}
