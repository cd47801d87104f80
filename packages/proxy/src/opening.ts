import { connect, isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { CancelDial, Dialled } from './dial-events.ts';
import type { HostTls } from './host-trust.ts';
import type { TlsSessions } from './tls-sessions.ts';

/** A silent connection is probed after this long, ms. */
const KEEP_ALIVE_PROBE_MS = 1000;

/** Where to connect to, and how its name is resolved. */
export interface ConnectTo {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

/** What an error means at the present step. */
type Meaning = (error: Error) => Error;

function asItIs(error: Error): Error {
  return error;
}

function ignore(): void {}

/** A connection that is opened step by step; fails once, succeeds once, or is given up. */
export class Opening {
  readonly #dialled: Dialled;
  readonly #sessions: TlsSessions;
  readonly #onError = (error: Error): void => this.fail(error);
  #socket: Socket | null = null;
  #meaning: Meaning = asItIs;
  #over = false;

  constructor(sessions: TlsSessions, dialled: Dialled) {
    this.#sessions = sessions;
    this.#dialled = dialled;
  }

  /** What errors of the connection mean from here on. */
  means(meaning: Meaning | null): void {
    this.#meaning = meaning ?? asItIs;
  }

  /** Opens the TCP connection. */
  connect(to: ConnectTo, onLooked: () => void, then: (socket: Socket) => void): void {
    const socket = connect({
      ...to,
      // A server on localhost may listen on ::1 or on 127.0.0.1 only.
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
    });
    this.#take(socket);
    socket.once('lookup', onLooked);
    socket.once('connect', () => {
      if (!this.#over) then(socket);
    });
  }

  /** Agrees on TLS, over the connection as it stands. */
  secure(
    over: Socket,
    { host, port }: Pick<ConnectTo, 'host' | 'port'>,
    tls: HostTls,
    then: (socket: Socket) => void,
  ): void {
    const name = `${host}:${port}`;
    const session = this.#sessions.take(name);
    const socket = connectSecure({
      ...tls,
      ...(session === undefined ? {} : { session }),
      socket: over,
      host,
      // RFC 6066 section 3: an address is not a server name.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
    });
    over.off('error', this.#onError).on('error', (error) => socket.destroy(error));
    this.#take(socket);
    socket.on('session', (latest) => this.#sessions.put(name, latest));
    const drop = (): void => this.#sessions.drop(name);
    socket.once('error', drop);
    socket.once('secureConnect', () => {
      socket.off('error', drop);
      if (!this.#over) then(socket);
    });
  }

  fail(error: Error): void {
    if (this.#over) return;
    this.cancel();
    this.#dialled(this.#meaning(error), null);
  }

  succeed(socket: Socket): void {
    if (this.#over) return;
    this.#over = true;
    socket.off('error', this.#onError);
    this.#dialled(null, socket);
  }

  readonly cancel: CancelDial = () => {
    this.#over = true;
    this.#socket?.off('error', this.#onError).on('error', ignore);
    this.#socket?.destroy();
  };

  get over(): boolean {
    return this.#over;
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', this.#onError);
  }
}
