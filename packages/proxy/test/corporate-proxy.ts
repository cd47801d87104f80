import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { EXAMPLE_CERTIFICATE, EXAMPLE_KEY } from './certificate.ts';
import { listening } from './wire.ts';

/** A proxy of the network, which knows every name as a server on this machine. */
export interface CorporateProxy {
  readonly port: number;
  readonly server: Server;
  /** What it was asked for, in order: request heads, or "host:port user:password" of SOCKS. */
  readonly asked: string[];
}

export interface HttpProxyOptions {
  readonly tls?: boolean;
  /** Answers everything with this in place of passing it on. */
  readonly answer?: string;
  /** In base64; anybody else gets a 407. */
  readonly user?: string;
}

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\nX-Any: 1\r\n\r\n';
const DENIED =
  'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n';

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const end of [one, other]) end.on('error', () => {});
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}

async function started(server: Server, asked: string[]): Promise<CorporateProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port, server, asked };
}

/** An HTTP proxy: CONNECT, and requests with a whole URL. */
export async function httpProxy(options: HttpProxyOptions = {}): Promise<CorporateProxy> {
  const asked: string[] = [];
  const serve = (socket: Socket): void => {
    socket.on('error', () => {});
    socket.once('data', (bytes: Buffer) => {
      const head = bytes.toString('latin1');
      asked.push(head);
      const { user, answer } = options;
      if (answer !== undefined) socket.end(answer);
      else if (user !== undefined && !head.includes(`\r\nProxy-Authorization: Basic ${user}\r\n`)) {
        socket.end(DENIED);
      } else {
        const [, port] = /^\S+ (?:http:\/\/)?[^:/ ]+:(\d+)/.exec(head) ?? [];
        const far = connect(Number(port), '127.0.0.1', () => {
          if (head.startsWith('CONNECT ')) socket.write(ESTABLISHED);
          else far.write(bytes);
          join(socket, far);
        });
      }
    });
  };
  const tls = { cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY };
  return await started(
    options.tls === true ? createSecureServer(tls, serve) : createServer(serve),
    asked,
  );
}

/** Gives the bytes of a connection out by count. */
class Bytes {
  readonly #socket: Socket;
  #held = Buffer.alloc(0);
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#held = Buffer.concat([this.#held, bytes]);
      this.#wake();
    });
  }

  async take(count: number): Promise<Buffer> {
    while (this.#held.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async text(): Promise<string> {
    let text = '';
    for (let [byte = 0] = await this.take(1); byte !== 0; [byte = 0] = await this.take(1)) {
      text += String.fromCodePoint(byte);
    }
    return text;
  }

  handOver(): void {
    this.#socket.removeAllListeners('data');
  }
}

interface SocksAsked {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

async function readSocks4(bytes: Bytes): Promise<SocksAsked> {
  const head = await bytes.take(7);
  const user = await bytes.text();
  const address = [...head.subarray(3)].join('.');
  const host = address.startsWith('0.0.0.') ? await bytes.text() : address;
  return { host, port: head.readUInt16BE(1), user };
}

async function addressOf(bytes: Bytes, type: number): Promise<string> {
  if (type === 1) return [...(await bytes.take(4))].join('.');
  if (type === 4) return (await bytes.take(16)).toString('hex');
  const [length = 0] = await bytes.take(1);
  return (await bytes.take(length)).toString();
}

async function readSocks5(
  bytes: Bytes,
  socket: Socket,
  user: string | undefined,
): Promise<SocksAsked | null> {
  const [methods = 0] = await bytes.take(1);
  await bytes.take(methods);
  let given = '';
  socket.write(Buffer.from([5, user === undefined ? 0 : 2]));
  if (user !== undefined) {
    await bytes.take(1);
    const [nameLength = 0] = await bytes.take(1);
    given = (await bytes.take(nameLength)).toString();
    const [length = 0] = await bytes.take(1);
    given += `:${(await bytes.take(length)).toString()}`;
    socket.write(Buffer.from([1, given === user ? 0 : 1]));
    if (given !== user) return null;
  }
  const [, , , type = 0] = await bytes.take(4);
  const host = await addressOf(bytes, type);
  return { host, port: (await bytes.take(2)).readUInt16BE(), user: given };
}

/**
 * A proxy of SOCKS 4, 4a and 5.
 *
 * @param reply - What it says to each request; 0 is yes.
 */
export async function socksProxy(user?: string, reply = 0): Promise<CorporateProxy> {
  const asked: string[] = [];
  const serve = async (socket: Socket): Promise<void> => {
    const bytes = new Bytes(socket);
    const [version = 0] = await bytes.take(1);
    const to = version === 4 ? await readSocks4(bytes) : await readSocks5(bytes, socket, user);
    if (to === null) return;
    asked.push(`${version} ${to.host}:${to.port} ${to.user}`.trim());
    const answer =
      version === 4
        ? [0, reply === 0 ? 90 : 91, 0, 0, 0, 0, 0, 0]
        : [5, reply, 0, 1, 0, 0, 0, 0, 0, 0];
    if (reply !== 0) {
      socket.end(Buffer.from(answer));
      return;
    }
    const far = connect(to.port, '127.0.0.1', () => {
      bytes.handOver();
      socket.write(Buffer.from(answer));
      join(socket, far);
    });
  };
  return await started(
    createServer((socket) => void serve(socket)),
    asked,
  );
}
