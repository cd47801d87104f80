import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MockError, startMock } from '@calltape/mock';
import { TapeError } from '@calltape/store';
import { readBody } from '../src/read-body.ts';
import type { BodyRead } from '../src/read-body.ts';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { closing, dial, drain, exchangeRaw } from './raw.ts';
import { makeTape, tempDir } from './tape.ts';

const directory = await mkdtemp(join(tmpdir(), 'calltape-mock-'));
const ONE = await makeTape([{ url: '/a', answer: 'a' }], 'proxy', directory);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

it('listens on loopback by default and says where', async () => {
  const mock = await mockOf(ONE);
  expect(mock.url).toBe(`http://127.0.0.1:${mock.port}`);
  expect(mock.recordings).toBe(1);
});

it('names the port that is taken', async () => {
  const mock = await mockOf(ONE);
  const second = startMock(ONE, { port: mock.port });
  await expect(second).rejects.toThrow(MockError);
  await expect(second).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(String(mock.port)),
  });
});

it.each([
  [{ port: 70_000 }, 'PORT_INVALID'],
  [{ host: '192.0.2.1', port: 0 }, 'HOST_INVALID'],
])('refuses %j with %s', async (where, code) => {
  await expect(startMock(ONE, { ...where })).rejects.toMatchObject({
    code,
  });
});

it('wants something to play', async () => {
  const empty = await makeTape([]);
  await expect(startMock(empty)).rejects.toMatchObject({
    code: 'TAPE_EMPTY',
    message: expect.stringContaining(empty),
  });
  await expect(startMock([])).rejects.toMatchObject({ code: 'TAPE_EMPTY' });
});

it('lets errors of the tape through', async () => {
  const missing = startMock(join(await tempDir(), 'none.tape'));
  await expect(missing).rejects.toThrow(TapeError);
  const file = join(await tempDir(), 'text.tape');
  await writeFile(file, 'not a tape, but long enough to be looked at as one '.repeat(20));
  await expect(startMock(file)).rejects.toMatchObject({
    code: 'TAPE_NOT_A_TAPE',
  });
});

it('takes heads up to 256 KiB with any number of fields', async () => {
  const mock = await mockOf(ONE);
  const many = Array.from({ length: 3_000 }, (_, n) => `X-${n}: ${'v'.repeat(40)}`);
  expect((await exchangeRaw(mock, closing('GET /a', many))).text).toMatch(/^HTTP\/1\.1 200 /);
  const large = await exchangeRaw(mock, closing('GET /a', [`X: ${'v'.repeat(300 * 1024)}`]));
  expect(large.text).toMatch(/^HTTP\/1\.1 431 .*REQUEST_INVALID/s);
});

it('answers what is not HTTP with 400 and goes on', async () => {
  const mock = await mockOf(ONE);
  const { text, ending } = await exchangeRaw(mock, 'nonsense\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 400 .*REQUEST_INVALID/s);
  expect(ending).toBe('FIN');
  const smuggled = ['Content-Length: 3', 'Transfer-Encoding: chunked'];
  expect((await exchangeRaw(mock, closing('POST /a', smuggled, '0\r\n\r\n'))).text).toMatch(
    /^HTTP\/1\.1 400 /,
  );
  expect((await send(mock, '/a')).status).toBe(200);
});

it('refuses tunnels, and WebSockets that were not recorded, in words', async () => {
  const mock = await mockOf(ONE);
  const tunnel = await exchangeRaw(mock, 'CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n');
  expect(tunnel.text).toMatch(/^HTTP\/1\.1 501 .*CONNECT_UNSUPPORTED/s);
  expect(tunnel.ending).toBe('FIN');
  const upgrade = [
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  ];
  const socket = await exchangeRaw(
    mock,
    ['GET /a HTTP/1.1', 'Host: m', 'Connection: Upgrade', ...upgrade, '', ''].join('\r\n'),
  );
  expect(socket.text).toMatch(/^HTTP\/1\.1 404 .*NO_MATCH/s);
});

it('answers clients that offer h2c in HTTP/1.1', async () => {
  const mock = await mockOf(ONE);
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'x' };
  expect((await send(mock, '/a', { headers })).body.toString()).toBe('a');
});

it('asks for the content of a client that waits to be asked', async () => {
  const mock = await mockOf([{ method: 'POST', url: '/a', body: 'content', answer: 'taken' }]);
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.write(closing('POST /a', ['Content-Length: 7', 'Expect: 100-continue']));
  await once(socket, 'data');
  socket.write('content');
  expect((await answer).text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 .*taken$/s);
  const odd = await exchangeRaw(mock, closing('GET /a', ['Expect: something']));
  expect(odd.text).toMatch(/^HTTP\/1\.1 404 /);
});

it('reads at most 64 MiB of content', async () => {
  const mock = await mockOf(ONE);
  const socket = await dial(mock);
  socket.write(closing('POST /a', ['Content-Length: 70000000'], 'abc'));
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1\.1 413 .*REQUEST_TOO_LARGE/s);
});

it('stops keeping content at the bound', async () => {
  const { promise, resolve } = Promise.withResolvers<BodyRead>();
  const server = createServer((incoming, response) => {
    readBody(incoming, 1_000, (read) => {
      resolve(read);
      response.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port }: AddressInfo = Object(server.address());
  const upload = request(`http://127.0.0.1:${port}`, { method: 'POST' });
  upload.write('x'.repeat(1_000));
  upload.end('x');
  await once(upload, 'response');
  expect(await promise).toEqual({ kind: 'too-large' });
  server.closeAllConnections();
  server.close();
});

it('survives clients that leave at any point', async () => {
  const mock = await mockOf(
    [
      { url: '/slow', answer: 'x', ttfbMs: 200, durationMs: 200 },
      { method: 'POST', url: '/slow', body: 'whole', answer: 'x' },
      { url: '/big', answer: Buffer.alloc(5_000_000) },
    ],
    { latency: { kind: 'recorded', factor: 1 } },
  );
  const starts = [
    'GET /slow HTTP/1.1\r\nHost: m\r\n\r\n',
    'POST /slow HTTP/1.1\r\nHost: m\r\nContent-Length: 5\r\n\r\nwh',
    'GET /big HTTP/1.1\r\nHost: m\r\n\r\n',
    'GET /slow HTTP/1.1\r\nHost',
  ];
  for (const start of starts) {
    for (const leave of ['destroy', 'resetAndDestroy'] as const) {
      const socket = await dial(mock);
      socket.on('error', () => {});
      await new Promise<void>((resolve) => {
        socket.write(start, () => resolve());
      });
      socket[leave]();
      await once(socket, 'close');
    }
  }
  expect((await send(mock, '/slow')).status).toBe(200);
});

it('lets answers that are under way come to their end when it is closed', async () => {
  const mock = await mockOf([{ url: '/a', answer: 'late', ttfbMs: 150, durationMs: 150 }], {
    latency: { kind: 'recorded', factor: 1 },
  });
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.write('GET /a HTTP/1.1\r\nHost: m\r\n\r\n');
  await expect.poll(() => mock.summary().answered).toBe(1);
  const idle = await dial(mock);
  const [{ text }] = await Promise.all([answer, mock.close(), once(idle, 'close')]);
  expect(text).toMatch(/late$/);
  await expect(fetch(mock.url)).rejects.toThrow();
});

it('does not wait for calls that would never end, nor longer than it is told', async () => {
  const hanging = await mockOf(ONE, { faults: ['GET /a timeout'] });
  const socket = await dial(hanging);
  const answer = drain(socket);
  socket.write('GET /a HTTP/1.1\r\nHost: m\r\n\r\n');
  await expect.poll(() => hanging.summary().answered).toBe(1);
  const started = performance.now();
  await Promise.all([hanging.close(10_000), answer]);
  const slow = await mockOf([{ url: '/a', ttfbMs: 60_000, durationMs: 60_000 }], {
    latency: { kind: 'recorded', factor: 1 },
  });
  const waiting = await dial(slow);
  waiting.write('GET /a HTTP/1.1\r\nHost: m\r\n\r\n');
  await expect.poll(() => slow.summary().answered).toBe(1);
  await Promise.all([slow.close(50), drain(waiting)]);
  await slow.close();
  expect(performance.now() - started).toBeLessThan(2_000);
});
