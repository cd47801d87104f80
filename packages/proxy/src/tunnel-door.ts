import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Failure } from './failure.ts';
import { onFirstByte } from './first-byte.ts';
import { originOf } from './origin.ts';
import type { Origin } from './origin.ts';
import type { Tunnel } from './tunnel.ts';

/** Host and port, both needed (RFC 9112 section 3.2.3). */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+):\d{1,5}$/i;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
/** The first byte of a TLS connection: a record of type handshake (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;
/** A tunnel through which nothing has come for this long is closed, ms. */
const SILENCE_MS = 120_000;

/** Takes over a connection whose requests are to be answered. */
export type Adopt = (socket: Socket, tunnel: Tunnel) => void;

/** Takes over a connection whose bytes are to be passed on unread. */
export type PassOn = (socket: Socket, to: Origin) => void;

function ignore(): void {}

function invalidAuthority(target: string): Failure {
  const message = `CONNECT names "${target.slice(0, 100)}", which is not a host with a port such as api.example.com:443. Correct the client.`;
  return { status: 400, code: 'FORWARD_TARGET_INVALID', message };
}

/**
 * Answers CONNECT: finds out by the first byte what a client speaks in its tunnel. Plain HTTP is
 * recorded; TLS is passed on unread.
 */
export class TunnelDoor {
  readonly #passOn: PassOn;
  readonly #onUnrecorded: (authority: string) => void;
  /** Connections that no listener answers (yet). */
  readonly #waiting = new Set<Socket>();

  /**
   * @param passOn - Takes over what is encrypted.
   * @param onUnrecorded - Told where each tunnel leads that is passed on unread.
   */
  constructor(passOn: PassOn, onUnrecorded: (authority: string) => void) {
    this.#passOn = passOn;
    this.#onUnrecorded = onUnrecorded;
  }

  /** @returns why there is no tunnel; null when the door has taken the connection over. */
  open({ socket, url: target = '' }: IncomingMessage, head: Buffer, adopt: Adopt): Failure | null {
    const url = AUTHORITY.test(target) ? URL.parse(`http://${target}`) : null;
    if (url === null) return invalidAuthority(target);
    this.#waiting.add(socket);
    const forget = (): void => {
      this.#waiting.delete(socket);
    };
    const leave = (): void => {
      socket.destroy();
    };
    socket.on('error', ignore);
    socket.once('close', forget);
    socket.once('end', leave);
    socket.setTimeout(SILENCE_MS, leave);
    socket.write(ESTABLISHED);
    const origin = originOf(url);
    onFirstByte(socket, head, (byte) => {
      socket.setTimeout(0);
      socket.off('end', leave).off('timeout', leave);
      if (byte === TLS_HANDSHAKE) {
        this.#onUnrecorded(`${origin.hostname}:${origin.port}`);
        this.#passOn(socket, origin);
        return;
      }
      forget();
      socket.off('close', forget);
      adopt(socket, { origin });
    });
    return null;
  }

  /** Closes what no listener closes. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
  }
}
