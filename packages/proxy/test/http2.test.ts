import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
} from 'node:http2';
import type { ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { framesOfAnswer } from './http2-frames.ts';
import { run } from './program.ts';
import { intercept, secureUpstream } from './secure-upstream.ts';
import type { Interceptor, SecureUpstream } from './secure-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';
import { rawUpstream } from './wire.ts';

async function session(recorder: Interceptor, authority: string): Promise<ClientHttp2Session> {
  const socket = await tunnel(recorder.port, authority);
  const ca = recorder.authority.certificatePem;
  const ALPNProtocols = ['h2'];
  const secure = await secured(socket, { servername: 'localhost', ca, ALPNProtocols });
  const client = connect(`https://${authority}`, { createConnection: () => secure });
  onTestFinished(() => client.destroy());
  return client;
}

interface Answer {
  readonly head: IncomingHttpHeaders & { readonly ':status'?: number };
  readonly raw: string[];
}

async function headOf(stream: ClientHttp2Stream): Promise<Answer> {
  const [head, , raw] = await once(stream, 'response');
  return { head, raw };
}

async function textOf(stream: ClientHttp2Stream): Promise<string> {
  const { head } = await headOf(stream);
  return `${head[':status']} ${await text(stream)}`;
}

interface Field {
  readonly upstream: SecureUpstream;
  readonly recorder: Interceptor;
  readonly client: ClientHttp2Session;
}

async function field(listener: Parameters<typeof secureUpstream>[0]): Promise<Field> {
  const upstream = await secureUpstream(listener);
  const recorder = await intercept({ http2: true });
  return { upstream, recorder, client: await session(recorder, upstream.authority) };
}

test('a call in HTTP/2 goes on in HTTP/1.1 and is recorded as what it was', async () => {
  const { upstream, recorder, client } = await field((asked, response) => {
    response.setHeader('X-Got', encodeURIComponent(asked.rawHeaders.join('|')));
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.setHeader('Connection', 'close, x-private');
    response.setHeader('X-Private', '1');
    response.end(`${asked.method} ${asked.url} ${asked.httpVersion}`);
  });
  const stream = client.request({
    ':path': '/v1/things?a=1',
    cookie: ['one=1', 'two=2'],
    te: 'trailers',
    'x-own': 'é',
  });
  const { head, raw } = await headOf(stream);
  expect(await text(stream)).toBe('GET /v1/things?a=1 1.1');
  expect(decodeURIComponent(String(head['x-got']))).toBe(
    `host|${upstream.authority}|cookie|one=1; two=2|x-own|é`,
  );
  expect(head['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(raw).not.toContain('connection');
  expect(raw).not.toContain('x-private');
  expect(raw).not.toContain('transfer-encoding');
  expect(raw.filter((name) => name.startsWith(':'))).toEqual([':status']);
  const { request, response, outcome } = await recorder.row();
  expect(outcome).toBe('complete');
  expect(request).toMatchObject({
    method: 'GET',
    url: `${upstream.url}/v1/things?a=1`,
    httpVersion: '2',
    headers: [
      ['host', upstream.authority],
      ['cookie', 'one=1; two=2'],
      ['te', 'trailers'],
      ['x-own', 'é'],
    ],
  });
  expect(response).toMatchObject({ status: 200, statusText: 'OK', httpVersion: '1.1' });
});

test('without the option HTTP/2 is not offered', async () => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, 'localhost:9');
  const ca = recorder.authority.certificatePem;
  const ALPNProtocols = ['h2', 'http/1.1'];
  const secure = await secured(socket, { servername: 'localhost', ca, ALPNProtocols });
  expect(secure.alpnProtocol).toBe('http/1.1');
});

test('a client that speaks nothing else gets HTTP/2 without the option', async () => {
  const upstream = await secureUpstream((asked, response) => response.end(asked.url));
  const recorder = await intercept();
  const ca = recorder.authority.certificatePem;
  const socket = await tunnel(recorder.port, upstream.authority);
  const either = ['h2', 'http/1.1'];
  const other = await secured(socket, { servername: 'localhost', ca, ALPNProtocols: either });
  expect(other.alpnProtocol).toBe('http/1.1');
  const client = await session(recorder, upstream.authority);
  expect(await textOf(client.request({ ':path': '/only' }))).toBe('200 /only');
  expect((await recorder.row()).request).toMatchObject({
    url: `${upstream.url}/only`,
    httpVersion: '2',
  });
});

test('a client that prefers HTTP/1.1 gets that', async () => {
  const recorder = await intercept({ http2: true });
  const ca = recorder.authority.certificatePem;
  for (const ALPNProtocols of [['http/1.1'], undefined]) {
    const socket = await tunnel(recorder.port, 'localhost:9');
    const offered = ALPNProtocols === undefined ? {} : { ALPNProtocols };
    const secure = await secured(socket, { servername: 'localhost', ca, ...offered });
    expect(secure.alpnProtocol).toBe(ALPNProtocols === undefined ? false : 'http/1.1');
  }
});

test('5 MB go up without a length and 5 MB come down', async () => {
  const body = Buffer.alloc(5_000_000, 'calltape');
  const { recorder, client } = await field((asked, response) => {
    response.setHeader('X-Coding', String(asked.headers['transfer-encoding']));
    void buffer(asked).then((received) => response.end(received));
  });
  const stream = client.request({ ':method': 'POST' });
  stream.end(body);
  const { head } = await headOf(stream);
  expect(head['x-coding']).toBe('chunked');
  expect((await buffer(stream)).equals(body)).toBe(true);
  const { request, response } = await recorder.row();
  expect([request.body.size, response?.body.size]).toEqual([body.length, body.length]);
  expect(request.headers.map(([name]) => name)).toEqual(['host']);
});

test('a length is passed on, and no content is none', async () => {
  const seen: (string | undefined)[] = [];
  const { client } = await field((asked, response) => {
    seen.push(asked.headers['transfer-encoding'], asked.headers['content-length']);
    void text(asked).then((received) => response.end(received));
  });
  const sized = client.request({ ':method': 'PUT', 'content-length': '3' });
  sized.end('abc');
  expect(await textOf(sized)).toBe('200 abc');
  const empty = client.request({ ':method': 'POST', 'content-length': '0' }, { endStream: false });
  empty.end();
  expect(await textOf(empty)).toBe('200 ');
  expect(await textOf(client.request({ ':method': 'DELETE' }))).toBe('200 ');
  expect(seen).toEqual([undefined, '3', undefined, '0', undefined, undefined]);
});

test.each([
  ['with a length', { 'Content-Length': 5 }],
  ['in chunks', { 'Transfer-Encoding': 'chunked' }],
])('an answer %s that comes at once is two frames', async (_, fields) => {
  const upstream = await secureUpstream((_asked, response) => {
    response.writeHead(200, fields).end('whole');
  });
  const recorder = await intercept({ http2: true });
  const ca = recorder.authority.certificatePem;
  const socket = await tunnel(recorder.port, upstream.authority);
  const secure = await secured(socket, { servername: 'localhost', ca, ALPNProtocols: ['h2'] });
  expect(await framesOfAnswer(secure, upstream.authority)).toEqual([
    { type: 1, ends: false, length: expect.any(Number) },
    { type: 0, ends: true, length: 5 },
  ]);
  expect((await recorder.row()).outcome).toBe('complete');
});

test('trailers pass both ways, 1xx to the client', async () => {
  const { recorder, client } = await field((asked, response) => {
    asked.resume();
    asked.on('end', () => {
      response.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'] });
      response.write('body');
      response.addTrailers([
        ['X-Sum', String(asked.trailers['x-up'])],
        ['X-Sum', '2'],
      ]);
      response.end();
    });
  });
  const stream = client.request({ ':method': 'POST' }, { endStream: false, waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-up': '1' }));
  const hints = once(stream, 'headers');
  const trailers = once(stream, 'trailers');
  stream.end('up');
  expect(await textOf(stream)).toBe('200 body');
  expect((await hints)[0]).toMatchObject({
    ':status': 103,
    link: '</a>; rel=preload, </b>; rel=preload',
  });
  expect((await trailers)[2]).toEqual(['x-sum', '1', 'x-sum', '2']);
  const { request, response } = await recorder.row();
  expect(request.trailers).toEqual([['x-up', '1']]);
  expect(response?.trailers).toEqual([
    ['X-Sum', '1'],
    ['X-Sum', '2'],
  ]);
});

test('a client that waits for 100 gets the one of the upstream', async () => {
  const { client } = await field((asked, response) => {
    void text(asked).then((received) => response.end(received));
  });
  const stream = client.request(
    { ':method': 'POST', expect: '100-continue' },
    { endStream: false },
  );
  await once(stream, 'continue');
  stream.end('now');
  expect(await textOf(stream)).toBe('200 now');
});

test.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('the answer to %s with %d has no content', async (method, status) => {
  const { recorder, client } = await field((_asked, response) => {
    response.writeHead(status, status === 204 ? {} : { 'Content-Length': '100' }).end();
  });
  for (let at = 0; at < 2; at += 1) {
    const stream = client.request({ ':method': method });
    const { head } = await headOf(stream);
    expect(head[':status']).toBe(status);
    expect(head['content-length']).toBe(status === 204 ? undefined : '100');
    expect(await text(stream)).toBe('');
  }
  expect((await recorder.rows()).map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
});

test('an answer that is cut is a reset stream, and the session goes on', async () => {
  const { recorder, client } = await field((asked, response) => {
    if (asked.url === '/whole') response.end('ok');
    else response.write('part', () => setTimeout(() => response.destroy(), 20));
  });
  const stream = client.request({ ':path': '/cut' });
  const failed = once(stream, 'error').catch((error: unknown) => error);
  let received = '';
  stream.on('data', (piece: Buffer) => (received += piece.toString()));
  await once(stream, 'close').catch(() => undefined);
  await failed;
  expect(received).toBe('part');
  expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(await textOf(client.request({ ':path': '/whole' }))).toBe('200 ok');
  expect((await recorder.rows()).map(({ outcome }) => outcome)).toEqual(['truncated', 'complete']);
});

test('a stream that the client resets ends the call upstream, down or up', async () => {
  const ends: Promise<unknown>[] = [];
  const asked: string[] = [];
  const { upstream, recorder, client } = await field((request, response) => {
    ends.push(once(request, 'close'));
    asked.push(request.url ?? '');
    request.resume();
    if (request.url === '/down') response.write('part');
  });
  const down = client.request({ ':path': '/down' });
  await headOf(down);
  down.close(constants.NGHTTP2_CANCEL);
  const up = client.request({ ':path': '/up', ':method': 'POST' });
  up.write('part');
  await expect.poll(() => asked).toEqual(['/down', '/up']);
  up.close(constants.NGHTTP2_CANCEL);
  await Promise.all(ends);
  const rows = await recorder.rows();
  expect(rows.map(({ request, outcome, error }) => [request.url, outcome, error?.type])).toEqual([
    [`${upstream.url}/down`, 'aborted', 'CLIENT_LEFT'],
    [`${upstream.url}/up`, 'aborted', 'CLIENT_LEFT'],
  ]);
});

test('an upload that is cut does not look whole to the upstream', async () => {
  const { promise: over, resolve } = Promise.withResolvers<boolean>();
  const upstream = await secureUpstream((asked, response) => {
    asked.on('error', () => undefined);
    asked.on('close', () => resolve(asked.complete));
    response.write('early');
    asked.resume();
  });
  const recorder = await intercept({ http2: true });
  const client = await session(recorder, upstream.authority);
  const stream = client.request({ ':method': 'POST' }, { endStream: false });
  stream.on('error', () => undefined);
  stream.write('part');
  await headOf(stream);
  client.destroy();
  expect(await over).toBe(false);
  expect((await recorder.row()).outcome).toBe('aborted');
});

test('a hundred streams at once are a hundred calls', async () => {
  const { recorder, client } = await field((asked, response) => response.end(asked.url));
  const answers = await Promise.all(
    Array.from(
      { length: 100 },
      async (_, at) => await textOf(client.request({ ':path': `/${at}` })),
    ),
  );
  expect(answers).toEqual(Array.from({ length: 100 }, (_, at) => `200 /${at}`));
  const rows = await recorder.rows();
  expect(new Set(rows.map(({ request }) => request.url)).size).toBe(100);
  expect(rows.every(({ outcome }) => outcome === 'complete')).toBe(true);
});

test('a stream that is not read does not hold up the others, nor fill the memory', async () => {
  const big = Buffer.alloc(1_000_000, 'x');
  const { promise: stuck, resolve: tellStuck } = Promise.withResolvers<ServerResponse>();
  const { client } = await field((asked, response) => {
    if (asked.url === '/small') {
      response.end('ok');
      return;
    }
    let sent = 0;
    const more = (): void => {
      while (sent < 60 && response.write(big)) sent += 1;
      if (sent >= 60) response.end();
    };
    response.on('drain', more);
    more();
    tellStuck(response);
  });
  const lazy = client.request({ ':path': '/big' });
  await headOf(lazy);
  lazy.pause();
  const response = await stuck;
  for (let at = 0; at < 5; at += 1) {
    expect(await textOf(client.request({ ':path': '/small' }))).toBe('200 ok');
  }
  expect(response.writableLength).toBeGreaterThan(0);
  expect(response.writableFinished).toBe(false);
  lazy.close(constants.NGHTTP2_CANCEL);
});

test('an upload is read no faster than the upstream takes it', async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<() => void>();
  const { client } = await field((asked, response) => {
    asked.on('end', () => response.end('ok'));
    resolve(() => asked.resume());
  });
  const stream = client.request({ ':method': 'POST' });
  const total = 40_000_000;
  let accepted = 0;
  const piece = Buffer.alloc(100_000);
  const done = (async () => {
    for (let sent = 0; sent < total; sent += piece.length) {
      if (!stream.write(piece)) await once(stream, 'drain');
      accepted = sent;
    }
    stream.end();
  })();
  const goOn = await arrived;
  let before = -1;
  await expect
    .poll(
      () => {
        const isStill = before === accepted;
        before = accepted;
        return isStill;
      },
      { interval: 200 },
    )
    .toBe(true);
  expect(accepted).toBeLessThan(30_000_000);
  goOn();
  await done;
  expect(await textOf(stream)).toBe('200 ok');
});

test('a client that resets streams as fast as it can is cut off, and nobody else', async () => {
  const { recorder, client: other } = await field((_, response) => response.end('ok'));
  const gone = await rawUpstream();
  await new Promise((resolve) => gone.server.close(resolve));
  const client = await session(recorder, `localhost:${gone.port}`);
  client.on('error', () => undefined);
  // Above what nghttp2 lets pass at once (a thousand), so that it ends the session.
  for (let round = 0; round < 40 && !client.destroyed; round += 1) {
    const streams = Array.from({ length: 50 }, () => client.request({ ':path': '/rush' }));
    for (const stream of streams) stream.on('error', () => undefined);
    const closings = streams.map((stream) => new Promise((resolve) => stream.on('close', resolve)));
    // Their heads leave first.
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
    await Promise.all(closings);
  }
  expect(client.destroyed).toBe(true);
  expect(await textOf(other.request({ ':path': '/' }))).toBe('200 ok');
});

test.each<[string, OutgoingHttpHeaders, RegExp]>([
  ['a blank in its path', { ':path': '/a b' }, /REQUEST_MALFORMED/],
  ['no slash in its path', { ':path': 'http://other.example/' }, /REQUEST_MALFORMED/],
  ['a method that is no token', { ':method': 'GET /x' }, /REQUEST_MALFORMED/],
  ['two hosts', { ':authority': 'localhost', host: 'other.example' }, /REQUEST_HOST_INVALID/],
])('a request with %s is refused', async (_what, headers, reason) => {
  const { recorder, client } = await field((_asked, response) => response.end('reached'));
  const stream = client.request({ ':path': '/', ...headers });
  stream.on('error', () => undefined);
  const answer = await textOf(stream).catch(String);
  expect(answer).not.toContain('reached');
  // What the session itself refuses gets no answer.
  if (answer.startsWith('400')) expect(answer).toMatch(reason);
  const rows = await recorder.rows();
  expect(
    rows.every(({ outcome, error }) => outcome === 'error' && reason.test(error?.type ?? '')),
  ).toBe(true);
  expect(await textOf(client.request({ ':path': '/' }))).toBe('200 reached');
});

/** Type 1, HEADERS, with END_STREAM and END_HEADERS, and what its field block says. */
function headersFrame(block: Buffer, stream = 1, flags = 5): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(block.length, 0, 3);
  head.writeUInt8(1, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, block]);
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0', 'latin1');

test.each([
  ['no preface', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['a field block that is none', Buffer.concat([PREFACE, headersFrame(Buffer.alloc(40, 0xff))])],
  ['an even stream', Buffer.concat([PREFACE, headersFrame(Buffer.from([0x82]), 2)])],
  ['half a frame', Buffer.concat([PREFACE, headersFrame(Buffer.alloc(100)).subarray(0, 30)])],
  ['a frame of 16 MB', Buffer.concat([PREFACE, Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])])],
  ['no end of field blocks', Buffer.concat([PREFACE, headersFrame(Buffer.from([0x82]), 1, 0)])],
])('a client that sends %s costs its own session only', async (_what, bytes) => {
  const { upstream, recorder, client } = await field((_asked, response) => response.end('ok'));
  const socket = await tunnel(recorder.port, upstream.authority);
  const ca = recorder.authority.certificatePem;
  const hostile = await secured(socket, { servername: 'localhost', ca, ALPNProtocols: ['h2'] });
  hostile.on('error', () => undefined).resume();
  hostile.end(bytes);
  await once(hostile, 'close').catch(() => undefined);
  expect(await textOf(client.request({ ':path': '/' }))).toBe('200 ok');
  expect((await recorder.rows()).map(({ outcome }) => outcome)).toEqual(['complete']);
});

test('a tunnel in a stream is refused', async () => {
  const { client } = await field((_asked, response) => response.end());
  const stream = client.request({ ':method': 'CONNECT', ':authority': 'a.example:80' });
  const { head } = await headOf(stream);
  expect([head[':status'], head['x-calltape-error']]).toEqual([501, 'CONNECT_UNSUPPORTED']);
});

test('many and long fields pass, too much of them is refused', async () => {
  const { upstream, recorder } = await field(() => undefined);
  const { client } = await field((asked, response) => {
    response.setHeader('x-long', 'y'.repeat(60_000));
    response.end(String(asked.rawHeaders.length / 2));
  });
  const names = Array.from({ length: 500 }, (_, at) => [`x-${at}`, '1'] as const);
  expect(await textOf(client.request(Object.fromEntries(names)))).toBe('200 501');
  const greedy = await session(recorder, upstream.authority);
  greedy.on('error', () => undefined);
  const stream = greedy.request({ 'x-huge': 'z'.repeat(1_000_000) });
  await once(stream, 'close').catch(() => undefined);
  expect(stream.rstCode).not.toBe(0);
});

test('a failure of ours is an answer of ours', async () => {
  const gone = await rawUpstream();
  await new Promise((resolve) => gone.server.close(resolve));
  const recorder = await intercept({ http2: true });
  const client = await session(recorder, `localhost:${gone.port}`);
  const stream = client.request({ ':path': '/a' });
  const { head } = await headOf(stream);
  expect([head[':status'], head['x-calltape-error']]).toEqual([502, 'UPSTREAM_REFUSED']);
  expect(JSON.parse(await text(stream)).error.code).toBe('UPSTREAM_REFUSED');
  expect((await recorder.row()).error?.type).toBe('UPSTREAM_REFUSED');
});

test('closing lets streams finish and takes no new ones', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const { recorder, client } = await field((_asked, response) => resolve(response));
  const stream = client.request({ ':path': '/' });
  const response = await asked;
  const gone = once(client, 'goaway');
  const closed = recorder.proxy.close();
  await gone;
  response.end('late');
  expect(await textOf(stream)).toBe('200 late');
  await closed;
  expect((await recorder.row()).outcome).toBe('complete');
});

test('what is in flight when the grace period is over is interrupted', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const { recorder, client } = await field(() => resolve());
  client.on('error', () => undefined);
  const stream = client.request({ ':path': '/' });
  stream.on('error', () => undefined);
  await asked;
  await recorder.proxy.close(10);
  expect((await recorder.row()).outcome).toBe('interrupted');
});

const CURL = 'curl';
const hasHttp2 = spawnSync(CURL, ['--version']).stdout?.includes('HTTP2') ?? false;

test.runIf(hasHttp2)('curl speaks HTTP/2 through it', async () => {
  const upstream = await secureUpstream((asked, response) => {
    void text(asked).then((received) => response.end(received));
  });
  const recorder = await intercept({ http2: true });
  const trusted = ['--cacert', recorder.authority.certificateFile, '-x', recorder.proxy.url];
  const words = ['-s', '--http2', '-w', ' %{http_version}', '-d', 'hello', upstream.url];
  expect(await run(CURL, [...trusted, ...words])).toMatchObject({ code: 0, stdout: 'hello 2' });
  expect((await recorder.row()).request.httpVersion).toBe('2');
});
