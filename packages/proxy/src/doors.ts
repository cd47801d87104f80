import type { IncomingMessage } from 'node:http';
import type { Answer, UpgradeAnswer } from './answer.ts';
import type { Authority } from './authority.ts';
import { isSecure } from './client-side.ts';
import type { ClientResponse, IncomingRequest } from './client-side.ts';
import type { HandshakeFailure } from './handshake-failure.ts';
import type { HeadScan } from './head-scan.ts';
import { listen } from './listen.ts';
import { Listener } from './listener.ts';
import type { ProxyOptions } from './options.ts';
import { PassingOn } from './passing-on.ts';
import type { PassOn } from './passing-on.ts';
import type { Tunnel } from './tunnel.ts';
import { TunnelDoor } from './tunnel-door.ts';

/** A valid request that has come in, for whoever answers requests. */
export interface Visit {
  readonly request: IncomingRequest;
  readonly response: ClientResponse;
  /** It came over TLS. */
  readonly secure: boolean;
  /**
   * The origin that the client believes to talk to, by its CONNECT or by the host that it named in TLS;
   * null where it talks to us, or says in its request target who else it means.
   */
  readonly origin: string | null;
  /** Passes the call on to the real API; null where it may not be. */
  readonly passOn: PassOn | null;
}

/** A valid request to open a WebSocket that has come in, for whoever answers those. */
export interface Opening {
  readonly request: IncomingMessage;
  /** What was read of the connection behind it. */
  readonly behind: Buffer;
  readonly secure: Visit['secure'];
  readonly origin: Visit['origin'];
  /** Has the real API answer, to which the connection belongs from there on; null where it may not. */
  readonly passOn: (() => void) | null;
}

export interface DoorsOptions {
  /** Address or name to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Other threads listen on the port too. Default false. */
  readonly shared?: boolean;
  /** Signs the certificates that are shown to clients. */
  readonly authority: Authority;
  /** Whether the URL is to be one of https; plain HTTP and CONNECT are understood all the same. */
  readonly secure: boolean;
  /** Told each time that no TLS could be agreed with a client. */
  readonly onHandshakeFailure: (failure: HandshakeFailure) => void;
  /** Answers a request; owns both messages from here on. */
  readonly answer: (visit: Visit) => void;
  /**
   * Answers a request to open a WebSocket; owns the connection from here on. Without it they are passed
   * on where they may be, and else refused.
   */
  readonly open?: (opening: Opening) => void;
  /** How calls are passed on and recorded; without it they never are. */
  readonly passingOn?: ProxyOptions;
}

/** Doors that are open. */
export interface Doors {
  /** Where clients reach them, such as https://127.0.0.1:4881. */
  readonly url: string;
  readonly port: number;
  /** Takes nothing new; resolves when what is due has been answered, or cut. */
  close(): Promise<void>;
  /** Closes every connection, whatever is due on it. */
  cut(): void;
}

/**
 * The client of a tunnel by TLS alone may have come to our port for want of the host's own; what its
 * `Host` says of that port is no part of the origin.
 */
function originIn(tunnel: Tunnel, host: string | undefined, ownPort: number): string {
  const { origin, portFromHost } = tunnel;
  if (!portFromHost) return origin.origin;
  const named = URL.parse(`https://${host}`);
  const isNamed = named?.hostname === origin.hostname && named.port !== String(ownPort);
  return isNamed ? named.origin : origin.origin;
}

function asksToGoOn({ httpVersion }: IncomingRequest, { expect }: HeadScan): boolean {
  return httpVersion !== '1.0' && /100-continue/i.test(expect);
}

class OpenDoors implements Doors {
  readonly #options: DoorsOptions;
  readonly #passingOn: PassingOn | null;
  readonly #listener: Listener;
  port = 0;

  constructor(options: DoorsOptions) {
    this.#options = options;
    const { passingOn, authority, host, onHandshakeFailure } = options;
    this.#passingOn = passingOn === undefined ? null : new PassingOn(passingOn);
    const answer: Answer = (...call) => this.#answer(...call);
    const door = new TunnelDoor(
      (socket) => socket.destroy(),
      () => undefined,
      { authority, host, http2: true, intercepts: () => true, onFailure: onHandshakeFailure },
    );
    const { open } = options;
    const upgrade: UpgradeAnswer | null =
      open === undefined
        ? (this.#passingOn?.upgrade ?? null)
        : (...handshake) => this.#open(open, ...handshake);
    this.#listener = new Listener(answer, { door, upgrade });
  }

  get url(): string {
    const { host, secure } = this.#options;
    const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    const name = reached.includes(':') ? `[${reached}]` : reached;
    return `${secure ? 'https' : 'http'}://${name}:${this.port}`;
  }

  async open(): Promise<void> {
    const { host, port, shared } = this.#options;
    const bound = await listen(this.#listener.server, host, port, shared);
    this.port = bound.port;
    try {
      this.#passingOn?.listening(host, bound);
    } catch (error) {
      await this.#listener.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#passingOn?.closing();
    await this.#listener.close();
    this.#passingOn?.close();
  }

  cut(): void {
    this.#passingOn?.stopping();
    this.#listener.cut();
  }

  #answer(
    request: IncomingRequest,
    response: ClientResponse,
    head: HeadScan,
    tunnel: Tunnel | null,
  ): null {
    const secure = isSecure(request);
    if (asksToGoOn(request, head)) response.writeContinue();
    const passing = { request, response, head, tunnel, secure };
    this.#options.answer({
      request,
      response,
      secure,
      origin: this.#originOf(request, tunnel),
      passOn: this.#passingOn?.wayOf(passing) ?? null,
    });
    return null;
  }

  #open(
    open: (opening: Opening) => void,
    request: IncomingMessage,
    behind: Buffer,
    head: HeadScan,
    tunnel: Tunnel | null,
  ): null {
    open({
      request,
      behind,
      secure: isSecure(request),
      origin: this.#originOf(request, tunnel),
      passOn: this.#passingOn?.upgradeOf(request, behind, head, tunnel) ?? null,
    });
    return null;
  }

  #originOf({ headers }: IncomingRequest, tunnel: Tunnel | null): string | null {
    return tunnel === null ? null : originIn(tunnel, headers.host, this.port);
  }
}

/**
 * Listens for plain HTTP/1.1, TLS with HTTP/1.1 or HTTP/2, and CONNECT on one port, and hands each valid
 * request to whoever answers them. Others are refused as a recording proxy refuses them.
 *
 * @throws ProxyError when it cannot listen, or calls cannot be passed on as asked.
 */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const doors = new OpenDoors(options);
  await doors.open();
  return doors;
}
