import { createServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ProxyOptions } from '@calltape/proxy';
import type { Exchange } from '@calltape/store';
import { CERTIFICATE, KEY } from './certificate.ts';
import { record } from './recorder.ts';
import { answering, dial, listening, rawUpstream } from './wire.ts';

interface Failed {
  readonly status: number;
  readonly code: string | null;
  readonly body: unknown;
  readonly row: Exchange;
}

async function failed(upstream: string, options: Partial<ProxyOptions> = {}): Promise<Failed> {
  const recorder = await record(upstream, options);
  const response = await fetch(recorder.proxy.url, { method: 'POST', body: 'content' });
  const body: unknown = await response.json();
  const code = response.headers.get('x-calltape-error');
  return { status: response.status, code, body, row: await recorder.row() };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function tlsUpstream(): Promise<number> {
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (_request, response) => {
    response.end('over tls');
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return port;
}

function expectFailure(failure: Failed, status: number, code: string): void {
  expect(failure).toMatchObject({
    status,
    code,
    body: { error: { code, message: expect.stringMatching(/\. [A-Z].*\.$/) } },
    row: { outcome: 'error', response: null, error: { type: code } },
  });
}

test('nobody listens: 502 UPSTREAM_REFUSED', async () => {
  expectFailure(await failed(`http://127.0.0.1:${await freePort()}`), 502, 'UPSTREAM_REFUSED');
});

test('an unknown name: 502 UPSTREAM_DNS', async () => {
  expectFailure(await failed('http://nothing-here.invalid'), 502, 'UPSTREAM_DNS');
});

test('the connection closes before an answer: 502 UPSTREAM_RESET', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => wire.socket.end());
  });
  expectFailure(await failed(upstream.url), 502, 'UPSTREAM_RESET');
});

test.each([
  ['not HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
  [
    'a response with both lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [
    'a response with two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
  ],
  ['a control byte in a field', 'HTTP/1.1 200 OK\r\nX: \x01\r\n\r\n'],
  ['a status below 100', 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'],
  ['a head beyond 256 KiB', `HTTP/1.1 200 OK\r\n${`X: ${'y'.repeat(9000)}\r\n`.repeat(30)}\r\n`],
])('%s: 502 UPSTREAM_PROTOCOL', async (_what, answer) => {
  expectFailure(await failed((await answering(answer)).url), 502, 'UPSTREAM_PROTOCOL');
});

test('TLS with a certificate nobody vouches for: 502 UPSTREAM_TLS', async () => {
  expectFailure(await failed(`https://localhost:${await tlsUpstream()}`), 502, 'UPSTREAM_TLS');
});

test('TLS with a port that does not speak it: 502 UPSTREAM_TLS', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => wire.socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  expectFailure(await failed(`https://127.0.0.1:${upstream.port}`), 502, 'UPSTREAM_TLS');
});

test('an extra root makes the certificate good', async () => {
  const upstream = `https://localhost:${await tlsUpstream()}`;
  const recorder = await record(upstream, { ca: [CERTIFICATE] });
  const response = await fetch(recorder.proxy.url);
  expect(await response.text()).toBe('over tls');
  const { request, timings } = await recorder.row();
  expect(request.url).toBe(`${upstream}/`);
  expect(timings.ssl).toBeGreaterThan(0);
  expect(timings.connect).toBeGreaterThanOrEqual(timings.ssl ?? 0);
});

test('a handshake that takes too long: 504 UPSTREAM_CONNECT_TIMEOUT', async () => {
  const upstream = await rawUpstream();
  const url = `https://127.0.0.1:${upstream.port}`;
  const failure = await failed(url, { connectTimeoutMs: 40 });
  expectFailure(failure, 504, 'UPSTREAM_CONNECT_TIMEOUT');
  await (
    await upstream.wire()
  ).closed;
});

test('an answer that takes too long: 504 UPSTREAM_TIMEOUT', async () => {
  const upstream = await rawUpstream();
  const failure = await failed(upstream.url, { responseTimeoutMs: 40 });
  expectFailure(failure, 504, 'UPSTREAM_TIMEOUT');
  await (
    await upstream.wire()
  ).closed;
});

test('the time for the answer does not run while the client still sends', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url, { responseTimeoutMs: 20, requestIdleTimeoutMs: 120 });
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
  expect(await client.rest()).toMatch(
    /^HTTP\/1\.1 408 .*\r\nx-calltape-error: REQUEST_STALLED\r\n/s,
  );
  expect(await recorder.row()).toMatchObject({
    outcome: 'aborted',
    error: { type: 'REQUEST_STALLED' },
  });
});

test('a HEAD that fails gets no content, its connection goes on', async () => {
  const { port } = await record(`http://127.0.0.1:${await freePort()}`);
  const client = await dial(port);
  const request = 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n';
  expect(await client.send(request).until(/\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 502 /);
  client.text = '';
  await client.send(request).until(/^HTTP\/1\.1 502 .*\r\n\r\n$/s);
});

test.each(['127.0.0.1', '::1'])('localhost is found where it listens: %s', async (host) => {
  const server = createTcpServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
  });
  const port = await listening(server, host);
  onTestFinished(() => {
    server.close();
  });
  const recorder = await record(`http://localhost:${port}`);
  expect(await (await fetch(recorder.proxy.url)).text()).toBe('ok');
  const row = await recorder.row();
  expect(row.peerAddress).toBe(host);
  expect(row.timings.dns).not.toBeNull();
});
