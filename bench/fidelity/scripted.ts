import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** What an upstream writes, and how long it waits before each piece, milliseconds. */
export type Pieces = readonly (readonly [afterMs: number, text: string])[];

const PACKED = gzipSync('compressed '.repeat(50)).toString('latin1');
const EXACT = '{"id":12345678901234567890,"price":1.10}';

function json(text: string): Pieces {
  return [
    [
      0,
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    ],
  ];
}

/** The answers of the upstream by path, in latin-1. */
export const ANSWERS: Readonly<Record<string, Pieces>> = {
  '/json': json(EXACT),
  '/quoted': json('"quoted"'),
  '/binary': [[0, 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\u0000\u00ff\r\n\r\n']],
  '/gzip': [
    [
      0,
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${PACKED.length}\r\n\r\n${PACKED}`,
    ],
  ],
  '/cookies': [
    [
      0,
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nX-Between: 1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
    ],
  ],
  '/fields': [
    [
      0,
      'HTTP/1.1 200 OK\r\nX-Zed: 1\r\nvary: A\r\nX-a: 2\r\nVary: B\r\nContent-LENGTH: 2\r\n\r\nok',
    ],
  ],
  '/reason': [
    [0, 'HTTP/1.1 429 Slow Down Please\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno'],
  ],
  '/trailers': [
    [
      0,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 3\r\n\r\n',
    ],
  ],
  '/hints': [
    [0, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'],
    [20, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ],
  '/events': [
    [
      30,
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    [50, '9\r\ndata: 1\n\n\r\n'],
    [150, '9\r\ndata: 2\n\n\r\n'],
    [100, '9\r\ndata: 3\n\n\r\n'],
    [50, '0\r\n\r\n'],
  ],
};

async function write(socket: Socket, pieces: Pieces, last: boolean): Promise<void> {
  for (const [afterMs, text] of pieces) {
    if (afterMs > 0) await sleep(afterMs);
    socket.write(text, 'latin1');
  }
  if (last) socket.end();
}

/** Starts an upstream that writes these answers and nothing of its own. */
export async function scriptedUpstream(): Promise<{
  readonly url: string;
  close(): Promise<void>;
}> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    let text = '';
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const [, path = ''] = text.split(' ', 2);
      const last = /\r\nconnection: close\r\n/i.test(text);
      text = '';
      void write(socket, ANSWERS[path] ?? [], last);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
}
