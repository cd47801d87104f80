import { createServer } from './node-http.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { CONNECT_REFUSED, answerToBadRequest, refuseSocket } from './refuse-socket.ts';

/** Largest request head, bytes; real servers take 8 to 64 KiB, and a mock should not be the limit. */
const MAX_HEAD_BYTES = 256 * 1024;

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

function refuseBadRequest(error: Error, socket: Duplex, answering: boolean): void {
  const refusal = answerToBadRequest(codeOf(error));
  if (refusal === null) return;
  // Text in the middle of an answer would read as its content.
  if (!socket.writable || answering) socket.destroy();
  else refuseSocket(socket, refusal.status, refusal.answer);
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * An HTTP/1.1 server with node:http's limits for hostile traffic set to those of a server for
 * programs under test: large heads and any number of fields pass, slow uploads are not cut off, and
 * a bad request never gets further than its own connection.
 *
 * @param onUpgrade - Takes the connection of a client that opens a WebSocket.
 * @param isAnswering - Whether an answer on this socket is under way.
 */
export function createHttpServer(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  onUpgrade: (request: IncomingMessage, behind: Buffer) => void,
  isAnswering: (socket: Duplex) => boolean,
): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: 20_000,
    requestTimeout: 0,
    connectionsCheckingInterval: 2_000,
    keepAliveTimeout: 75_000,
    optimizeEmptyRequests: true,
    // Clients that offer h2c beside HTTP/1.1 (RFC 9110 section 7.8) are answered in HTTP/1.1.
    shouldUpgradeCallback: isWebSocket,
  });
  server.maxHeadersCount = 0;
  server.on('request', onRequest);
  // Without a listener node:http answers 417 by itself.
  server.on('checkExpectation', onRequest);
  server.on('upgrade', (request, _, behind) => onUpgrade(request, behind));
  server.on('connect', (_, socket) => refuseSocket(socket, 501, CONNECT_REFUSED));
  server.on('clientError', (error, socket) => refuseBadRequest(error, socket, isAnswering(socket)));
  return server;
}
