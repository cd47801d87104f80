// calltape mock --tls, called by clients that come over TLS, HTTP/2 and CONNECT.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { openTape } from '@calltape/store';
import { emptyFolder, serve, type Server } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith } from './tape-with-calls.ts';

const run = promisify(execFile);
const LONG = '0123456789'.repeat(1000);

function moved() {
  const response = answer(302, 'Found', '');
  return { response: { ...response, headers: ['Location', `${ORIGIN}/a`, 'Content-Length', '0'] } };
}

const CALLS = [
  call('/a'),
  call('/moved', moved()),
  call('/long', { response: answer(200, 'OK', LONG) }),
];

interface Secure {
  readonly mock: Server;
  readonly port: number;
  readonly ca: string;
  readonly caFile: string;
  readonly folder: string;
}

async function secureMock(...flags: string[]): Promise<Secure> {
  const folder = await emptyFolder();
  await tapeWith(folder, CALLS);
  const env = { CALLTAPE_HOME: join(folder, 'home') };
  const mock = await serve(['mock', '--tls', '--port', '0', ...flags], { cwd: folder, env });
  const caFile = join(folder, 'home', 'ca.pem');
  return {
    mock,
    port: Number(new URL(mock.url).port),
    ca: readFileSync(caFile, 'utf8'),
    caFile,
    folder,
  };
}

async function viaHttps({ mock, ca }: Secure, path: string): Promise<string> {
  const request = get(mock.url + path, { ca, agent: false });
  const { promise, resolve } = Promise.withResolvers<string>();
  let head = '';
  const failed = (error: Error): void =>
    resolve(`${head}${'code' in error ? String(error.code) : error.message}`);
  request.on('error', failed);
  request.on('response', (response) => {
    head = `${response.statusCode} `;
    response.on('error', failed);
    text(response).then((body) => resolve(head + body.length), failed);
  });
  return promise;
}

function session({ mock, ca }: Secure): ClientHttp2Session {
  const client = connectHttp2(mock.url, { ca });
  client.on('error', () => undefined);
  onTestFinished(() => client.destroy());
  return client;
}

/** Status and length, or what the stream was reset with. */
async function viaHttp2(client: ClientHttp2Session, path: string): Promise<string> {
  const stream = client.request({ ':path': path });
  let [head, length] = ['', 0];
  stream.on('response', (fields) => {
    head = `${fields[':status']} `;
  });
  stream.on('data', (piece: Buffer) => {
    length += piece.length;
  });
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.once('close', resolve));
  return stream.rstCode === constants.NGHTTP2_NO_ERROR
    ? head + length
    : `${head}RST ${stream.rstCode}`;
}

test('the line that it prints has an https URL, and Location leads there', async () => {
  const secure = await secureMock();
  const { mock, port, ca } = secure;
  expect(mock.firstLine).toBe(`listening https://127.0.0.1:${port}`);
  expect(await viaHttps(secure, '/a')).toBe('200 21');
  const [redirect] = await once(get(`${mock.url}/moved`, { ca, agent: false }), 'response');
  expect(redirect.headers.location).toBe(`${mock.url}/a`);
  redirect.resume();
  const { code, stderr } = await mock.stop();
  expect(code).toBe(0);
  expect(stderr).toContain('Answered 2 calls, missed 0, faulted 0');
});

test.each(['127.0.0.1', 'localhost', 'api.example.com'])(
  'its certificate is one for %s, and HTTP/2 is offered there',
  async (servername) => {
    const { port, ca } = await secureMock();
    const named = servername === '127.0.0.1' ? {} : { servername };
    const ALPNProtocols = ['h2', 'http/1.1'];
    const socket = connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols, ...named });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect([socket.authorized, socket.alpnProtocol]).toEqual([true, 'h2']);
  },
);

test('it answers over HTTP/2, many at a time', async () => {
  const secure = await secureMock();
  const client = session(secure);
  const answers = await Promise.all(['/a', '/long', '/none'].map((path) => viaHttp2(client, path)));
  expect(answers.slice(0, 2)).toEqual(['200 21', '200 10000']);
  expect(answers[2]).toMatch(/^404 /);
  const redirect = client.request({ ':path': '/moved' });
  const [fields] = await once(redirect, 'response');
  expect(fields).toMatchObject({ ':status': 302, location: `${secure.mock.url}/a` });
});

test('several workers have the same doors', async () => {
  const secure = await secureMock('--workers', '3', '--fault', 'GET /a status=503 first=2');
  const statuses = await Promise.all(Array.from({ length: 12 }, () => viaHttps(secure, '/a')));
  expect(statuses.filter((status) => status.startsWith('503'))).toHaveLength(2);
  expect(await viaHttp2(session(secure), '/a')).toMatch(/^200/);
  const { stderr } = await secure.mock.stop();
  expect(stderr).toContain('Answered 13 calls, missed 0, faulted 2');
});

test('curl gets HTTP/2 from it: directly, by a name of its own, and through CONNECT', async () => {
  const { port, caFile } = await secureMock();
  const curl = async (...args: string[]): Promise<string> => {
    const flags = ['-s', '-w', ' %{http_version}', '--cacert', caFile];
    return (await run('curl', [...flags, ...args])).stdout;
  };
  const said = '{"id":1,"name":"Ada"} 2';
  expect(await curl(`https://localhost:${port}/a`)).toBe(said);
  const resolve = `api.example.com:${port}:127.0.0.1`;
  expect(await curl('--resolve', resolve, `https://api.example.com:${port}/a`)).toBe(said);
  expect(await curl('--proxy', `http://127.0.0.1:${port}`, `${ORIGIN}/a`)).toBe(said);
  const other = await curl('--proxy', `http://127.0.0.1:${port}`, 'https://other.example/a');
  expect(other).toContain('NO_MATCH');
});

test.each([
  ['reset', 'ECONNRESET', 'RST 2'],
  ['reset at=bytes:5000', '200 ECONNRESET', '200 RST 2'],
  ['truncate=50%', '200 ECONNRESET', '200 RST 2'],
  ['status=503', expect.stringMatching(/^503 /), expect.stringMatching(/^503 /)],
])('what %s is over TLS, and in HTTP/2 for one stream alone', async (kind, tls, http2) => {
  const secure = await secureMock('--fault', `GET /long ${kind}`);
  expect(await viaHttps(secure, '/long')).toEqual(tls);
  const client = session(secure);
  expect(await viaHttp2(client, '/long')).toEqual(http2);
  expect(await viaHttp2(client, '/a')).toBe('200 21');
  expect(client.destroyed).toBe(false);
});

test('URLs in text lead to its https address, and stay for a client that comes by CONNECT', async () => {
  const folder = await emptyFolder();
  const said = JSON.stringify({ next: `${ORIGIN}/a`, live: 'wss://api.example.com/live' });
  await tapeWith(folder, [call('/links', { response: answer(200, 'OK', said) })]);
  const env = { CALLTAPE_HOME: join(folder, 'home') };
  const flags = ['--port', '0', '--tls', '--rewrite-bodies', '--route', `/api=${ORIGIN}`];
  const { url } = await serve(['mock', ...flags], { cwd: folder, env });
  const curl = async (...args: string[]): Promise<string> => {
    return (await run('curl', ['-s', '--cacert', join(folder, 'home', 'ca.pem'), ...args])).stdout;
  };
  const there = { next: `${url}/api/a`, live: `${url.replace('https', 'wss')}/api/live` };
  expect(JSON.parse(await curl(`${url}/api/links`))).toEqual(there);
  expect(JSON.parse(await curl('--http1.1', `${url}/api/links`))).toEqual(there);
  const plain = url.replace('https', 'http');
  expect(JSON.parse(await curl(`${plain}/api/links`)).next).toBe(`${plain}/api/a`);
  expect(await curl('--proxy', plain, `${ORIGIN}/links`)).toBe(said);
});

test('a reset over TLS is one of TCP, without the close of TLS', async () => {
  const { port, ca } = await secureMock('--fault', '* /** reset');
  const socket = connectTls({ port, host: '127.0.0.1', ca });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  const ending = Promise.race([
    once(socket, 'error').then(([error]) => String(error.code)),
    once(socket, 'end').then(() => 'close_notify'),
  ]);
  socket.write('GET /a HTTP/1.1\r\nHost: m\r\n\r\n');
  expect(await ending).toBe('ECONNRESET');
});

test('a call that hangs is silent until its client leaves, and does not keep the mock', async () => {
  const secure = await secureMock('--fault', 'GET /long timeout', '--served', 'served.tape');
  const client = session(secure);
  const hanging = client.request({ ':path': '/long' });
  hanging.on('error', () => undefined);
  expect(await viaHttp2(client, '/a')).toBe('200 21');
  const left = client.request({ ':path': '/long' });
  left.on('error', () => undefined);
  expect(await viaHttp2(client, '/a')).toBe('200 21');
  left.close(constants.NGHTTP2_CANCEL);
  await once(left, 'close');
  const { code } = await secure.mock.stop();
  expect([code, hanging.destroyed]).toEqual([0, true]);
  const tape = openTape(join(secure.folder, 'served.tape'));
  const calls = tape.calls().map(({ url, outcome, status }) => [url, outcome, status]);
  tape.close();
  expect(calls).toContainEqual([`${ORIGIN}/a`, 'complete', 200]);
  expect(calls).toContainEqual([`${ORIGIN}/long`, 'aborted', null]);
  expect(calls).toContainEqual([`${ORIGIN}/long`, 'error', null]);
});

test.each([
  ['both lengths', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ['an odd coding', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'],
  ['a folded line', ['X-A: 1', ' folded'], ''],
  ['a second host', ['Host: other'], ''],
])('it refuses %s with 400, as the recorder does', async (_, fields, body) => {
  const { port } = await secureMock();
  const socket = connectPlain(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(['POST /a HTTP/1.1', 'Host: m', ...fields, '', body].join('\r\n'));
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
});

test('it asks for the content of a client that waits to be asked', async () => {
  const { port } = await secureMock();
  const socket = connectPlain(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('POST /a HTTP/1.1\r\nHost: m\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
  const [first] = await once(socket, 'data');
  expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('{}');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404 /);
});
