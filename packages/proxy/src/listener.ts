import { once } from 'node:events';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Answer, UpgradeAnswer } from './answer.ts';
import { beforeHttp } from './before-http.ts';
import { onClientError, rawPacketOf } from './client-error.ts';
import { closeAfter } from './close-after.ts';
import { answerFailure, rawFailure } from './error-answer.ts';
import { internalFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { onHalfClose } from './half-close.ts';
import { HeadScan } from './head-scan.ts';
import type { Http2Request } from './http2-request.ts';
import type { Http2Response } from './http2-response.ts';
import { Http2Sessions } from './http2-sessions.ts';
import { lastWords } from './last-words.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import { createServer } from './node-http.ts';
import { connectFailure, refusalOf, streamRefusalOf, upgradeFailure } from './refusal.ts';
import type { RefusedRequest } from './refused-calls.ts';
import type { TunnelDoor } from './tunnel-door.ts';
import type { Tunnel } from './tunnel.ts';
import { asSent, UnknownMethods } from './unknown-method.ts';
import { asksForWebSocket } from './upgrade-head.ts';

export interface ListenerTimes {
  /** How long a request head may take to arrive, ms. */
  readonly headTimeoutMs: number;
  /** How often that is checked, ms. */
  readonly checkEveryMs: number;
}

const TIMES: ListenerTimes = { headTimeoutMs: 20_000, checkEveryMs: 2000 };

/** What a listener does besides answering requests. */
export interface ListenerParts {
  /** What answers CONNECT; without one it is refused. */
  readonly door?: TunnelDoor | null;
  /** What answers the opening handshake of a WebSocket; without one it is refused. */
  readonly upgrade?: UpgradeAnswer | null;
  /** Told of each request that is refused. */
  readonly onRefused?: (refused: RefusedRequest) => void;
  readonly times?: ListenerTimes;
}

function serverOptions(times: ListenerTimes): ServerOptions {
  return {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: times.headTimeoutMs,
    connectionsCheckingInterval: times.checkEveryMs,
    // An upload may take as long as it makes progress; whoever answers watches over that.
    requestTimeout: 0,
    keepAliveTimeout: 75_000,
    // Checked with the other fields, so that nothing pipelined behind a refused request is answered.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: asksForWebSocket,
  };
}

function ignore(): void {}

/** Accepts connections and hands each valid request to whoever answers it. */
export class Listener {
  readonly server: Server;
  readonly #answer: Answer;
  readonly #door: TunnelDoor | null;
  readonly #upgrade: UpgradeAnswer | null;
  readonly #onRefused: (refused: RefusedRequest) => void;
  /** Every open connection with the latest answer due on it. */
  readonly #connections = new Map<Socket, ServerResponse | null>();
  readonly #refused = new WeakSet<Socket>();
  /** Connections that carry no requests any more. */
  readonly #handedOver = new WeakSet<Socket>();
  readonly #http2 = new Http2Sessions();
  readonly #unknownMethods = new UnknownMethods();
  /** Has node:http read a connection. */
  readonly #toHttp: (socket: Socket) => void;
  /** The connections that reached us through a tunnel, and where they lead to. */
  readonly #tunnels = new WeakMap<Socket, Tunnel>();
  #closing = false;

  constructor(answer: Answer, parts: ListenerParts = {}) {
    const { door = null, upgrade = null, onRefused = ignore, times = TIMES } = parts;
    this.#answer = answer;
    this.#door = door;
    this.#upgrade = upgrade;
    this.#onRefused = onRefused;
    const server = createServer(serverOptions(times));
    const accept = (request: IncomingMessage, response: ServerResponse): void => {
      this.#accept(request, response);
    };
    // Unlimited; the default drops in silence what exceeds it.
    server.maxHeadersCount = 0;
    // A client may end its side and still read; not among the documented options.
    Reflect.set(server, 'httpAllowHalfOpen', true);
    this.#toHttp = beforeHttp(server, (socket) => {
      if (door === null) this.#onConnection(socket);
      else door.meet(socket);
    });
    door?.attach((socket, tunnel) => this.#adopt(socket, tunnel));
    server.on('request', accept);
    // Whether the client may go on is for the upstream to say, not for node:http.
    server.on('checkContinue', accept);
    server.on('checkExpectation', accept);
    server.on('connect', (request: IncomingMessage, _socket: Duplex, head: Buffer) => {
      this.#onConnect(request, head);
    });
    server.on('upgrade', (request: IncomingMessage, _socket: Duplex, head: Buffer) => {
      this.#onUpgrade(request, head);
    });
    server.on('clientError', (error: Error, socket: Socket) => this.#onClientError(error, socket));
    this.server = server;
  }

  /** Takes nothing new and resolves once what is due has been answered, or cut. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = [once(this.server, 'close'), ...this.#closings(), ...this.#http2.closings()];
    this.server.close();
    this.#door?.close();
    this.#http2.close();
    for (const socket of this.#connections.keys()) {
      const response = this.#pendingOn(socket);
      if (response === null && socket.writableEnded) socket.destroySoon();
      else if (response === null) socket.destroy();
      else closeAfter(response, socket);
    }
    await Promise.all(closed);
  }

  /** Closes every connection, whatever is due on it. */
  cut(): void {
    this.#door?.close();
    this.#http2.cut();
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  /** The server calls itself closed before its last connections have told their calls. */
  #closings(): Promise<unknown>[] {
    return [...this.#connections.keys()].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
  }

  #onConnection(socket: Socket): void {
    this.#connections.set(socket, null);
    socket.once('close', () => this.#connections.delete(socket));
    this.#handedOver.delete(socket);
    socket.once('end', () => {
      if (!this.#handedOver.has(socket)) onHalfClose(socket, this.#pendingOn(socket));
    });
    this.#toHttp(socket);
    this.#unknownMethods.watch(socket);
  }

  /** Takes over a connection whose requests are to be answered. */
  #adopt(socket: Socket, tunnel: Tunnel | null): void {
    if (tunnel !== null) this.#tunnels.set(socket, tunnel);
    if (!(socket instanceof TLSSocket) || socket.alpnProtocol !== 'h2') {
      this.#onConnection(socket);
      return;
    }
    this.#http2.take(socket, (request, response, head) => {
      this.#acceptStream(request, response, head, tunnel);
    });
  }

  #pendingOn(socket: Socket): ServerResponse | null {
    const response = this.#connections.get(socket) ?? null;
    return response === null || response.writableFinished ? null : response;
  }

  #onClientError(error: Error, socket: Socket): void {
    const before = this.#connections.get(socket) ?? null;
    const isServed = this.#connections.has(socket) && !this.#refused.has(socket) && !this.#closing;
    if (isServed && this.#unknownMethods.keep(socket, error, before?.req ?? null)) {
      if (before === null || before.closed) this.#readAgain(socket);
      else before.once('close', () => this.#readAgain(socket));
      return;
    }
    const failure = onClientError(error, socket, this.#pendingOn(socket));
    if (failure === null) return;
    const raw = asSent(rawPacketOf(error), this.#unknownMethods.take(socket));
    this.#tellRefused(failure, socket, null, raw);
  }

  /** Reads the request that was kept, after the answer to the one before, unless that was the last. */
  #readAgain(socket: Socket): void {
    if (this.#closing || !socket.writable || socket.readableEnded) return;
    this.#unknownMethods.rewind(socket);
    this.#onConnection(socket);
    socket.resume();
  }

  #onConnect(request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    if (this.#door === null || this.#tunnels.has(socket)) {
      this.#refuseTunnel(request, connectFailure());
    } else if (this.#closing || this.#pendingOn(socket) !== null) {
      // A word of ours would be taken for the answer to the request before it.
      socket.destroy();
    } else this.#open(this.#door, request, head);
  }

  #open(door: TunnelDoor, request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    this.#connections.delete(socket);
    this.#handedOver.add(socket);
    const failure = door.open(request, head);
    if (failure !== null) this.#refuseTunnel(request, failure);
  }

  #onUpgrade(request: IncomingMessage, behind: Buffer): void {
    const { socket } = request;
    if (this.#closing || this.#pendingOn(socket) !== null) {
      // A word of ours would be taken for the answer to the request before it.
      socket.destroy();
      return;
    }
    this.#connections.set(socket, null);
    this.#handedOver.add(socket);
    try {
      const failure = this.#upgraded(request, behind);
      if (failure !== null) this.#refuseTunnel(request, failure);
    } catch (error) {
      this.#refuseTunnel(request, internalFailure(error));
    }
  }

  #upgraded(request: IncomingMessage, behind: Buffer): Failure | null {
    if (this.#upgrade === null) return upgradeFailure(request.headers.upgrade ?? '');
    const head = new HeadScan(request.rawHeaders);
    const tunnel = this.#tunnels.get(request.socket) ?? null;
    return refusalOf(request, head) ?? this.#upgrade(request, behind, head, tunnel);
  }

  #accept(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (this.#refused.has(socket)) return;
    this.#connections.set(socket, response);
    request.method = this.#unknownMethods.take(socket) ?? request.method;
    response.sendDate = false;
    if (this.#closing) response.shouldKeepAlive = false;
    try {
      const head = new HeadScan(request.rawHeaders);
      const tunnel = this.#tunnels.get(socket) ?? null;
      const failure = refusalOf(request, head) ?? this.#answer(request, response, head, tunnel);
      if (failure !== null) this.#refuse(response, failure, request);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else this.#refuse(response, internalFailure(error), request);
    }
  }

  #acceptStream(
    request: Http2Request,
    response: Http2Response,
    head: HeadScan,
    tunnel: Tunnel | null,
  ): void {
    let failure: Failure | null;
    try {
      failure = streamRefusalOf(request) ?? refusalOf(request, head);
      failure ??= this.#answer(request, response, head, tunnel);
    } catch (error) {
      failure = internalFailure(error);
    }
    if (failure === null) return;
    this.#onRefused({ failure, request, raw: null, tunnel });
    request.resume();
    if (response.headersSent) response.destroy();
    else answerFailure(response, failure);
  }

  /** Nothing that came behind a refused request on its connection is looked at. */
  #refuse(response: ServerResponse, failure: Failure, request: IncomingMessage): void {
    this.#refused.add(request.socket);
    this.#tellRefused(failure, request.socket, request, null);
    response.on('error', ignore);
    response.shouldKeepAlive = false;
    answerFailure(response, failure);
  }

  #refuseTunnel(request: IncomingMessage, failure: Failure): void {
    this.#tellRefused(failure, request.socket, request, null);
    lastWords(request.socket, rawFailure(failure));
  }

  #tellRefused(
    failure: Failure,
    socket: Socket,
    request: IncomingMessage | null,
    raw: Buffer | null,
  ): void {
    this.#onRefused({ failure, request, raw, tunnel: this.#tunnels.get(socket) ?? null });
  }
}
