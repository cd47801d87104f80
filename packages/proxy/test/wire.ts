import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One end of a TCP connection, its bytes as latin-1 text. */
export class Wire {
  readonly socket: Socket;
  /** Everything received so far. */
  text = '';
  /** How the connection ended: `end` after an orderly close, else the error's code. */
  readonly closed: Promise<string>;
  readonly #waiting: { readonly until: RegExp; readonly resolve: (text: string) => void }[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    socket.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('latin1');
      this.#check();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve('end'));
  }

  send(text: string): this {
    this.socket.write(Buffer.from(text, 'latin1'));
    return this;
  }

  /** Resolves with everything received once it matches. */
  async until(pattern: RegExp): Promise<string> {
    if (pattern.test(this.text)) return this.text;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.push({ until: pattern, resolve });
    return await promise;
  }

  /** Resolves with everything received once the connection is closed. */
  async rest(): Promise<string> {
    await this.closed;
    return this.text;
  }

  #check(): void {
    for (const waiter of this.#waiting) if (waiter.until.test(this.text)) waiter.resolve(this.text);
  }
}

export async function dial(port: number): Promise<Wire> {
  const wire = new Wire(connect(port, '127.0.0.1'));
  onTestFinished(() => {
    wire.socket.destroy();
  });
  await once(wire.socket, 'connect');
  return wire;
}

/** Sends one request and returns all that comes back until the other side closes. */
export async function talk(port: number, request: string): Promise<string> {
  const wire = await dial(port);
  return await wire.send(request).rest();
}

export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Every connection so far, in order. */
  readonly wires: Wire[];
  /** Resolves with the n-th connection, the first being 0. */
  wire(index?: number): Promise<Wire>;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

export async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return portOf(server);
}

/** An upstream whose every byte the test decides. */
export async function rawUpstream(onWire: (wire: Wire) => void = () => {}): Promise<RawUpstream> {
  const wires: Wire[] = [];
  const server = createServer((socket) => {
    const wire = new Wire(socket);
    wires.push(wire);
    onWire(wire);
    server.emit('wire');
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    for (const wire of wires) wire.socket.destroy();
  });
  const wire = async (index = 0): Promise<Wire> => {
    for (;;) {
      const found = wires[index];
      if (found !== undefined) return found;
      await once(server, 'wire');
    }
  };
  return { url: `http://127.0.0.1:${port}`, port, server, wires, wire };
}

/** An upstream that gives the same answer to every request. */
export async function answering(answer: string): Promise<RawUpstream> {
  return await rawUpstream((wire) => {
    wire.socket.on('data', (bytes: Buffer) => {
      if (/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(bytes.toString('latin1'))) wire.send(answer);
    });
  });
}
