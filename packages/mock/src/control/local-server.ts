import { createServer } from '../node-http.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { listen, urlOf } from '../listen.ts';
import { checkAtGate } from './gate.ts';
import { Refusal } from './refusal.ts';

/** What a small server says. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface LocalServerOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** What every client has to show as a bearer token; null for nothing. */
  readonly token: string | null;
  /** Answers a request that has been let in; throws Refusal for what it will not do. */
  readonly answer: (request: IncomingMessage) => Reply | Promise<Reply>;
}

/** One of calltape's own small servers. */
export interface LocalServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** On the loopback, whatever other machines may reach besides. */
const HOST = '127.0.0.1';
const MOST_CONNECTIONS = 256;
/** How long the rest of a refused upload is read and thrown away, so that its client sees why. */
const LINGER_MS = 500;

export function jsonReply(status: number, value: unknown): Reply {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, text: `${JSON.stringify(value)}\n` };
}

function refusalReply(error: unknown): Reply {
  if (error instanceof Refusal) {
    const { status, code, message, headers } = error;
    const reply = jsonReply(status, { error: { code, message } });
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  // What happened is said in a sentence, without a trace of where.
  const message = error instanceof Error ? error.message : 'unknown';
  return jsonReply(500, { error: { code: 'CONTROL_FAILED', message } });
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { socket } = request;
  if (!request.complete) {
    request.resume();
    response.once('finish', () => {
      const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
      request.once('end', () => clearTimeout(cut));
    });
  }
  response.writeHead(reply.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...reply.headers,
    'content-length': Buffer.byteLength(reply.text),
  });
  response.end(reply.text);
}

function refuseBytes(_: Error, socket: Duplex): void {
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
}

/** Limits of a server whose clients are few and send little. */
function smallServer(): Server {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', refuseBytes);
  for (const event of ['upgrade', 'connect'] as const) {
    server.on(event, (_: IncomingMessage, socket: Duplex) => refuseBytes(new Error(event), socket));
  }
  return server;
}

/**
 * Starts a small server on this machine's loopback, whose every request has to pass the gate. It
 * sends no CORS fields, so that no page of another site may read what it says.
 *
 * @throws MockError PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID or LISTEN_FAILED.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { port: wanted, token, answer } = options;
  const server = smallServer();
  let port = wanted;
  const reply = async (request: IncomingMessage): Promise<Reply> => {
    try {
      checkAtGate(request, { port, token });
      return await answer(request);
    } catch (error) {
      return refusalReply(error);
    }
  };
  server.on('request', (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void reply(request).then((said) => send(request, response, said));
  });
  port = await listen(server, HOST, wanted);
  return {
    url: urlOf(HOST, port),
    port,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}
