import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientOptions, ServerOptions } from 'ws';

export interface EchoServer {
  readonly url: string;
  readonly port: number;
  readonly server: WebSocketServer;
  /** Resolves with the n-th connection, the first being 0. */
  socket(index?: number): Promise<WebSocket>;
}

/** A WebSocket server that sends every message back as it came. */
export async function echoServer(options: ServerOptions = {}): Promise<EchoServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket: WebSocket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, binary: boolean) => socket.send(data, { binary }));
  });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const socket = async (index = 0): Promise<WebSocket> => {
    for (;;) {
      const found = sockets[index];
      if (found !== undefined) return found;
      await once(server, 'connection');
    }
  };
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, server, socket };
}

/** A client that is connected. */
export async function openSocket(
  port: number,
  path = '/',
  options: ClientOptions = {},
  protocols: string[] = [],
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options);
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

/** Sends a message and resolves with the next one that comes. */
export async function exchange(socket: WebSocket, data: string | Buffer): Promise<Buffer> {
  const answer = once(socket, 'message');
  socket.send(data);
  const [bytes]: Buffer[] = await answer;
  return bytes ?? Buffer.alloc(0);
}

/** Closes in order and resolves once that has been answered. */
export async function closeInOrder(socket: WebSocket, code = 1000, reason = ''): Promise<number> {
  const closed = once(socket, 'close');
  socket.close(code, reason);
  const [answered]: number[] = await closed;
  return answered ?? 0;
}

/** A frame of RFC 6455 section 5.2, as latin-1 text. */
export function frame(
  first: number,
  payload: string | Buffer,
  mask: number[] | null = null,
): string {
  const bytes = Buffer.from(payload);
  const head = [first];
  const flag = mask === null ? 0 : 0x80;
  if (bytes.length < 126) head.push(flag | bytes.length);
  else head.push(flag | 126, bytes.length >> 8, bytes.length & 255);
  const sent = bytes.map((byte, at) => byte ^ (mask?.[at & 3] ?? 0));
  return Buffer.concat([Buffer.from(head), Buffer.from(mask ?? []), sent]).toString('latin1');
}

/** The opening handshake of a client, with further field lines. */
export function handshake(target = '/', ...fields: string[]): string {
  const all = [
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...fields,
  ];
  return `GET ${target} HTTP/1.1\r\n${all.map((field) => `${field}\r\n`).join('')}\r\n`;
}

/** A server's answer to it. */
export function switching(...fields: string[]): string {
  const all = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ...fields,
  ];
  return `HTTP/1.1 101 Switching Protocols\r\n${all.map((field) => `${field}\r\n`).join('')}\r\n`;
}
