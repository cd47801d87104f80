import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Failure } from './failure.ts';
import { onFirstByte } from './first-byte.ts';
import { originOf } from './origin.ts';
import type { Tunnel } from './tunnel.ts';

/** Host and port, both needed (RFC 9112 section 3.2.3). */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+):\d{1,5}$/i;
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
/** A tunnel through which nothing has come for this long is closed, ms. */
const SILENCE_MS = 120_000;

/** Takes over a connection whose requests are to be answered. */
export type Adopt = (socket: Socket, tunnel: Tunnel) => void;

function ignore(): void {}

function invalidAuthority(target: string): Failure {
  const message = `CONNECT names "${target.slice(0, 100)}", which is not a host with a port such as api.example.com:443. Correct the client.`;
  return { status: 400, code: 'FORWARD_TARGET_INVALID', message };
}

/** Answers CONNECT: finds out by the first byte what a client speaks in its tunnel. */
export class TunnelDoor {
  /** Connections that are still on their way to whoever answers them. */
  readonly #waiting = new Set<Socket>();

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
    onFirstByte(socket, head, () => {
      forget();
      socket.setTimeout(0);
      socket.off('close', forget).off('end', leave).off('timeout', leave);
      adopt(socket, { origin: originOf(url) });
    });
    return null;
  }

  /** Closes what is still on its way. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
  }
}
