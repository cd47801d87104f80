import type { Socket } from 'node:net';

/** Told while a connection opens, in this order; a step that does not apply is left out. */
export interface DialEvents {
  onLooked(): void;
  /** The TCP connection stands; through a proxy, the connection that it has opened. */
  onConnected(): void;
  /** TLS has been agreed. */
  onSecured(): void;
}

/** Called once: with a connection that requests can be sent on, or with why there is none. */
export type Dialled = (error: Error | null, socket: Socket | null) => void;

/** Gives up a connection that is still being opened; `Dialled` is not called any more. */
export type CancelDial = () => void;
