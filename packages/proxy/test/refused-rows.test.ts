import { once } from 'node:events';
import type { Exchange } from '@calltape/store';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { handshake } from './web-socket.ts';
import { answering, dial, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function codeIn(answer: string): string | undefined {
  return /\r\nx-calltape-error: (\w+)\r\n/.exec(answer)?.[1];
}

function told({ request, outcome, error, response }: Exchange): unknown[] {
  return [request.method, request.url, outcome, error?.type, response];
}

const HOSTLESS = 'GET /v1/a?b=1 HTTP/1.1\r\nX: y\r\n\r\n';

test.each([
  ['no Host', HOSTLESS, 'GET', '/v1/a?b=1', 'REQUEST_HOST_INVALID'],
  [
    'an unknown coding',
    'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'POST',
    '/x',
    'REQUEST_CODING_UNSUPPORTED',
  ],
  [
    'another version',
    'GET /old HTTP/0.9\r\nHost: a\r\n\r\n',
    'GET',
    '/old',
    'REQUEST_VERSION_UNSUPPORTED',
  ],
  [
    'two lengths',
    'POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'POST',
    '/two',
    'REQUEST_MALFORMED',
  ],
  [
    'a head that is too large',
    `GET /big HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(270_000)}\r\n\r\n`,
    'GET',
    '/big',
    'REQUEST_HEAD_TOO_LARGE',
  ],
  ['no HTTP at all', '\x00\x01\x02 hello\r\n\r\n', '?', '/', 'REQUEST_MALFORMED'],
  [
    'a CONNECT',
    'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'CONNECT',
    '/',
    'CONNECT_UNSUPPORTED',
  ],
  [
    'a handshake without Host',
    'GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET',
    '/chat',
    'REQUEST_HOST_INVALID',
  ],
])('a request with %s is refused, and is a row', async (_what, request, method, path, code) => {
  const upstream = await answering(OK);
  const recorder = await record(upstream.url);
  expect(codeIn(await talk(recorder.port, request))).toBe(code);
  const row = await recorder.row();
  // Of a head beyond its limit the parser hands over the piece that it has stumbled over.
  if (path === '/big') expect(row).toMatchObject({ outcome: 'error', error: { type: code } });
  else expect(told(row)).toEqual([method, recorder.proxy.url + path, 'error', code, null]);
  expect(row.error?.message).toMatch(/\. [A-Z][^.]+\.$/);
  expect(upstream.wires).toHaveLength(0);
});

test('what no route leads to is a row, WebSocket or not', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null, { routes: { '/a': upstream.url } });
  expect(codeIn(await talk(recorder.port, handshake('/c')))).toBe('ROUTE_UNKNOWN');
  const request = 'GET /b?x HTTP/1.1\r\nHost: h\r\nAccept: x\r\nConnection: close\r\n\r\n';
  expect(codeIn(await talk(recorder.port, request))).toBe('ROUTE_UNKNOWN');
  const rows = await recorder.rows();
  expect(rows.map(told)).toEqual([
    ['GET', `${recorder.proxy.url}/c`, 'error', 'ROUTE_UNKNOWN', null],
    ['GET', `${recorder.proxy.url}/b?x`, 'error', 'ROUTE_UNKNOWN', null],
  ]);
  expect(rows[1]?.request.headers).toContainEqual(['Accept', 'x']);
});

test('what a forward proxy cannot send anywhere is a row', async () => {
  const recorder = await record(null);
  const requests = [
    'GET ftp://a/b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    'CONNECT nowhere HTTP/1.1\r\nHost: h\r\n\r\n',
    handshake('/chat'),
  ];
  for (const request of requests) {
    expect(codeIn(await talk(recorder.port, request)), request).toBe('FORWARD_TARGET_INVALID');
  }
  const rows = await recorder.rows();
  expect(rows.map(({ request }) => [request.method, request.url])).toEqual([
    ['GET', `${recorder.proxy.url}/`],
    ['CONNECT', `${recorder.proxy.url}/`],
    ['GET', `${recorder.proxy.url}/chat`],
  ]);
});

test('a client that speaks TLS is told to use http://', async () => {
  const recorder = await record((await answering(OK)).url);
  const answer = await talk(recorder.port, '\x16\x03\x01\x00\xc4\x01\x00\x00\xc0');
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*Use http:\/\//s);
  expect((await recorder.row()).error?.message).toContain('speaks TLS');
});

test('a bad request behind a good one on its connection is a row of its own', async () => {
  const recorder = await record((await answering(OK)).url);
  const client = await dial(recorder.port);
  await client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n').until(/ok$/);
  expect(await client.send('GET /2 HTTP/1.1\r\nbad line\r\n\r\n').rest()).toMatch(/ 400 /);
  const rows = await recorder.rows();
  expect(rows.map(({ outcome, request }) => [outcome, new URL(request.url).pathname])).toEqual([
    ['complete', '/1'],
    ['error', '/2'],
  ]);
});

test('a call that fails in the middle stays one row', async () => {
  const upstream = await answering('');
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
  await (await upstream.wire()).until(/abc/);
  client.send('zz\r\n');
  await client.closed;
  expect((await recorder.row()).error?.type).toBe('REQUEST_MALFORMED');
});

test('a flood of refused requests fills no tape, and is counted', async () => {
  const recorder = await record((await answering(OK)).url);
  const flood = async (): Promise<void> => {
    for (let n = 0; n < 30; n += 1) {
      const client = await dial(recorder.port);
      client.send(HOSTLESS);
      await once(client.socket, 'close');
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 10 }, flood));
  const seconds = Math.floor((performance.now() - started) / 1000) + 2;
  const kept = (await recorder.rows()).length;
  expect(kept).toBeGreaterThanOrEqual(20);
  expect(kept).toBeLessThanOrEqual(20 * seconds);
  expect(kept + recorder.proxy.unkeptRefusals).toBe(300);
});

test('of hostile bytes and endless fields little is kept', async () => {
  const recorder = await record((await answering(OK)).url);
  const fields = Array.from({ length: 500 }, (_, at) => `X-${at}: ${'z'.repeat(100)}\r\n`).join('');
  await talk(recorder.port, `GET /${'p'.repeat(9000)} HTTP/1.1\r\n${fields}\r\n`);
  await talk(recorder.port, `GET /\x1b[31m${'q'.repeat(9000)} nonsense\r\n\r\n`);
  const rows = await recorder.rows();
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(JSON.stringify(row).length).toBeLessThan(15_000);
  expect(JSON.stringify(rows[1])).not.toContain('qqq');
});
