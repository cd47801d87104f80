import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial, rawUpstream, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const CHUNKS = '\r\n1\r\na\r\n0\r\n\r\n';

function post(...fields: string[]): string {
  return `POST / HTTP/1.1\r\nHost: a\r\n${fields.map((field) => `${field}\r\n`).join('')}`;
}

function codeIn(answer: string): string | undefined {
  return /\r\nx-calltape-error: (\w+)\r\n/.exec(answer)?.[1];
}

test('what could be read in two ways is refused with 400 and goes no further', async () => {
  const upstream = await answering(OK);
  const { port, proxy } = await record(upstream.url);
  const shapes = [
    post('Content-Length: 5', 'Transfer-Encoding: chunked') + CHUNKS,
    post('Transfer-Encoding: chunked', 'Content-Length: 5') + CHUNKS,
    `${post('Content-Length: 1', 'Content-Length: 1')}\r\na`,
    `${post('Content-Length: 1', 'Content-Length: 2')}\r\na`,
    `${post('Content-Length: 1, 1')}\r\na`,
    `${post('Content-Length: +1')}\r\na`,
    `${post('Content-Length: ')}\r\na`,
    post('Transfer-Encoding: xchunked') + CHUNKS,
    post('Transfer-Encoding: chunked, identity') + CHUNKS,
    post('Transfer-Encoding: gzip, chunked') + CHUNKS,
    post('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked') + CHUNKS,
    post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + CHUNKS,
    post('Transfer-Encoding : chunked') + CHUNKS,
    `POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${CHUNKS}`,
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    'GET / HTTP/1.1\r\nX: y\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nX: folded\r\n line\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nX: nul\x00\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nX: bare\rreturn\r\n\r\n',
    'FROBNICATE / HTTP/1.1\r\nHost: a\r\n\r\n',
  ];
  for (const shape of shapes) {
    const answer = await talk(port, shape + GET);
    expect(answer, shape).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer.match(/HTTP\/1\.1 \d/g), shape).toHaveLength(1);
    expect(codeIn(answer), shape).toMatch(/^REQUEST_/);
  }
  expect(upstream.wires).toHaveLength(0);
  expect(proxy.inFlight).toBe(0);
});

test('a bad chunk in the middle of the content is answered with 400 and ends the call', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(`${post('Transfer-Encoding: chunked')}\r\n3\r\nabc\r\n`);
  const wire = await upstream.wire();
  await wire.until(/abc/);
  client.send('zz\r\n');
  expect(codeIn(await client.rest())).toBe('REQUEST_MALFORMED');
  await wire.closed;
  const row = await recorder.row();
  expect(row.outcome).toBe('aborted');
  expect(row.error?.type).toBe('REQUEST_MALFORMED');
});

test('garbage behind a whole request does not cost it its answer', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(`${GET}\x01garbage\r\n\r\n`);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send(OK);
  expect(await client.rest()).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  );
  expect((await recorder.row()).outcome).toBe('complete');
});

test('bytes behind "Connection: close" do not cost the request its answer', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send(`GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${GET}`);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send(OK);
  expect((await client.rest()).match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(wire.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test.each([
  ['a request line', `GET /${'x'.repeat(270_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['fields', `GET / HTTP/1.1\r\nHost: a\r\n${`X: ${'y'.repeat(9000)}\r\n`.repeat(30)}\r\n`],
])('%s beyond 256 KiB are answered with 431', async (_what, request) => {
  const { port } = await record((await answering(OK)).url);
  const answer = await talk(port, request);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(codeIn(answer)).toBe('REQUEST_HEAD_TOO_LARGE');
});

test('other versions of HTTP are answered with 505', async () => {
  const { port } = await record((await answering(OK)).url);
  for (const version of ['0.9', '2.0']) {
    const answer = await talk(port, `GET / HTTP/${version}\r\nHost: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 505 .*REQUEST_VERSION_UNSUPPORTED/s);
  }
});

test('CONNECT is answered with 501 and the connection is closed', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const tunnel = await talk(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
  expect(tunnel).toMatch(/^HTTP\/1\.1 501 Not Implemented\r\n/);
  expect(JSON.parse(tunnel.split('\r\n\r\n')[1] ?? '')).toEqual({
    error: { code: 'CONNECT_UNSUPPORTED', message: expect.stringContaining('forward proxy') },
  });
  expect(upstream.wires).toHaveLength(0);
});

test('an offer of h2c is ignored: the request goes on without it', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  const offer =
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  await client
    .send(`POST / HTTP/1.1\r\nHost: a\r\n${offer}Content-Length: 2\r\n\r\nhi`)
    .until(/ok$/);
  const wire = await upstream.wire();
  expect(await wire.until(/hi$/)).toBe(
    `POST / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\nContent-Length: 2\r\n\r\nhi`,
  );
});

test('an upstream that switches protocols unasked is answered with 502', async () => {
  const upstream = await answering(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  );
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  expect(codeIn(await client.send(GET).until(/\}\}\n$/))).toBe('UPSTREAM_PROTOCOL');
  expect((await recorder.row()).outcome).toBe('error');
});

test('a connection reset at any moment leaves the proxy at work', async () => {
  const { port } = await record((await answering(OK)).url);
  for (const start of ['', 'GET', GET, `${post('Content-Length: 9')}\r\nabc`]) {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(start);
    socket.resetAndDestroy();
  }
  const client = await dial(port);
  await client.send(GET).until(/ok$/);
});
