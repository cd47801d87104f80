// What a client of the mock gets is held against what the API sent, byte for byte.

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { openTape } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCalltape, serveCalltape } from '../scripts/calltape-process.ts';
import type { Serving } from '../scripts/calltape-process.ts';

/** What a raw upstream writes, and after how many milliseconds each piece. */
interface Piece {
  readonly afterMs: number;
  readonly text: string;
}

const PACKED = gzipSync('compressed '.repeat(50)).toString('latin1');
const ZSTD = zstdCompressSync('{"n":12345678901234567890,"p":1.10}').toString('latin1');

function at(afterMs: number, text: string): Piece {
  return { afterMs, text };
}

/** Answers by path; none of them has a `Connection` field. */
const ANSWERS: Readonly<Record<string, readonly Piece[]>> = {
  '/fields': [
    at(
      0,
      'HTTP/1.1 299 Quite Fine Indeed\r\nX-Zed: 1\r\nset-cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nSET-COOKIE: a=3\r\nx-a:  padded\t\r\nX-Empty:\r\nX-Latin: caf\u00e9\r\nVary: A\r\nVary: B\r\nContent-LENGTH: 6\r\n\r\n\u0000\u00ff\r\n\r\n',
    ),
  ],
  '/no-reason': [at(0, 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok')],
  '/gzip': [
    at(
      0,
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${PACKED.length}\r\n\r\n${PACKED}`,
    ),
  ],
  '/zstd': [
    at(
      0,
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: zstd\r\nContent-Length: ${ZSTD.length}\r\n\r\n${ZSTD}`,
    ),
  ],
  '/chunks': [
    at(
      0,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-End\r\n\r\n1\r\na\r\n5\r\nbcdef\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: 22\r\nx-end: yes\r\n\r\n',
    ),
  ],
  '/hints': [
    at(0, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>\r\n\r\n'),
    at(20, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  ],
  '/none': [at(0, 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n')],
  '/not-modified': [at(0, 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n')],
  '/failure': [
    at(0, 'HTTP/1.1 503 Nope\r\nRetry-After: 7\r\nContent-Length: 12\r\n\r\n{"n":  1.10}'),
  ],
  '/events': [
    at(
      30,
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
    ),
    at(60, '9\r\ndata: 1\n\n\r\n'),
    at(120, '9\r\ndata: 2\n\n\r\n'),
    at(30, '9\r\ndata: 3\n\n\r\n0\r\n\r\n'),
  ],
};

async function write(socket: Socket, pieces: readonly Piece[]): Promise<void> {
  for (const { afterMs, text } of pieces) {
    if (afterMs > 0) await sleep(afterMs);
    socket.write(text, 'latin1');
  }
}

/** An upstream that writes what the table says and nothing of its own. */
async function scripted(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const path = text.split(' ')[1] ?? '';
      text = '';
      void write(socket, ANSWERS[path] ?? []);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

interface Heard {
  readonly text: string;
  /** When each piece came, milliseconds since the request. */
  readonly pieces: readonly { readonly atMs: number; readonly text: string }[];
}

/** All bytes of one answer, without the one field that is about the client's own connection. */
async function ask(url: string, path: string): Promise<Heard> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const pieces: { atMs: number; text: string }[] = [];
  const started = performance.now();
  socket.on('data', (bytes: Buffer) => {
    pieces.push({ atMs: performance.now() - started, text: bytes.toString('latin1') });
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  await once(socket, 'end');
  socket.destroy();
  const text = pieces.map((piece) => piece.text).join('');
  return { text: text.replace('Connection: close\r\n', ''), pieces };
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-fidelity-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a recorded API', () => {
  let mock: Serving;
  let tape: string;

  beforeAll(async () => {
    tape = join(folder, 'raw.tape');
    const upstream = await scripted();
    const recorder = await serveCalltape([
      'record',
      upstream.url,
      '--port',
      '0',
      '--tape',
      tape,
      '--no-redact',
    ]);
    for (const path of Object.keys(ANSWERS)) await ask(recorder.url, path);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    upstream.close();
    mock = await serveCalltape(['mock', tape, '--port', '0']);
  });

  afterAll(async () => {
    await mock.stop();
  });

  test.each(Object.keys(ANSWERS))('%s comes back as it was sent', async (path) => {
    const sent = (ANSWERS[path] ?? []).map(({ text }) => text).join('');
    // White space around a field's value is no part of it (RFC 9110 section 5.5).
    const meant = sent
      .replace('x-a:  padded\t\r\n', 'x-a: padded\r\n')
      .replace('X-Empty:\r\n', 'X-Empty: \r\n');
    expect((await ask(mock.url, path)).text).toBe(meant);
  });

  test('the events of a stream come when they came', async () => {
    const slow = await serveCalltape(['mock', tape, '--port', '0', '--latency', 'recorded']);
    try {
      const { pieces } = await ask(slow.url, '/events');
      const events = pieces.filter(({ text }) => text.includes('data: '));
      const times = events.map(({ atMs }) => atMs);
      expect(events.map(({ text }) => /data: \d/.exec(text)?.[0])).toEqual([
        'data: 1',
        'data: 2',
        'data: 3',
      ]);
      // Never before its time; a busy machine may make it later, and the next gap shorter by that.
      for (const [n, due] of [90, 210, 240].entries()) {
        expect(times[n]).toBeGreaterThan(due - 10);
      }
    } finally {
      await slow.stop();
    }
  });
});

const HARS = fileURLToPath(new URL('../fixtures/', import.meta.url));
const FILES = readdirSync(HARS, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.har'),
);

/** Files from which the contents were taken out: the mock plays none of their answers. */
const WITHOUT_CONTENT = new Set(['har/chrome-sanitized.har', 'har/fiddler.har']);

/** Fields that are the mock's connection's own, or that say how long the content is. */
const OF_THE_CONNECTION =
  /^(?:connection|keep-alive|proxy-connection|te|upgrade|trailer|transfer-encoding|content-length|:.*)$/i;

function endToEnd(flat: readonly string[]): string[] {
  return flat.filter((_, index) => !OF_THE_CONNECTION.test(flat[index - (index % 2)] ?? ''));
}

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Sends a recorded request to the mock, for the host that it was recorded of. */
async function again(url: string, { request: recorded }: Exchange): Promise<Answer> {
  const target = new URL(recorded.url);
  const path = recorded.url.slice(recorded.url.indexOf(target.host) + target.host.length) || '/';
  const fields = recorded.headers.filter(([name]) => /^content-(?:type|encoding)$/i.test(name));
  const headers = ['Host', target.host, ...fields.flat()];
  const outgoing = request(url, { method: recorded.method, path, headers, agent: false });
  outgoing.end(recorded.body.bytes);
  const [incoming] = await once(outgoing, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return { status: incoming.statusCode, headers: incoming.rawHeaders, body: Buffer.concat(pieces) };
}

function isPlain({ request: { method }, response, outcome }: Exchange): boolean {
  if (method === 'CONNECT' || outcome !== 'complete' || response === null) return false;
  return response.status >= 200 && response.body.bytes.length === response.body.size;
}

test.each(FILES)('%s: status, fields and content of every answer', async (file) => {
  const tape = join(folder, `${file.replaceAll(/\W/g, '-')}.tape`);
  expect(await runCalltape(['import', join(HARS, file), '--tape', tape])).toMatchObject({
    code: 0,
  });
  const reader = openTape(tape);
  const exchanges = [...reader.exchanges()].filter(isPlain);
  reader.close();
  const mock = await serveCalltape(['mock', tape, '--port', '0']);
  try {
    for (const exchange of exchanges) {
      const { status, headers, body } = await again(mock.url, exchange);
      const { response } = exchange;
      expect(status).toBe(response?.status);
      expect(endToEnd(headers)).toEqual(endToEnd(response?.headers.flat() ?? []));
      const isHead = exchange.request.method === 'HEAD';
      expect(body).toEqual(Buffer.from(isHead ? [] : (response?.body.bytes ?? [])));
    }
  } finally {
    await mock.stop();
  }
  expect(exchanges.length > 0).toBe(!WITHOUT_CONTENT.has(file));
});
