import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, closed, controlled } from './asking.ts';

const CALLS = [{ url: '/v1/a', answer: 'a' }];
const EVERY_PATH = [
  ['GET', '/health'],
  ['GET', '/faults'],
  ['POST', '/faults'],
  ['PATCH', '/faults/1'],
  ['DELETE', '/faults/1'],
  ['PUT', '/profile'],
  ['POST', '/reset'],
  ['GET', '/journal'],
  ['GET', '/misses'],
  ['GET', '/unused'],
  ['GET', '/metrics'],
  ['GET', '/nothing'],
  ['OPTIONS', '/faults'],
] as const;

describe('who has no token', () => {
  test.each(EVERY_PATH)('gets nothing from %s %s', async (method, path) => {
    const of = await controlled(CALLS);
    const said = await ask(of, { method, path, headers: { authorization: null } });
    expect(said).toMatchObject({ status: 401, code: 'TOKEN_REQUIRED' });
    expect(said.headers['www-authenticate']).toBe('Bearer');
  });

  test('is refused with a wrong one, of whatever length, and with two', async () => {
    const of = await controlled(CALLS);
    const wrong = [
      'Bearer x',
      `Bearer ${of.token}x`,
      `Bearer ${of.token.slice(1)}`,
      `Bearer ${of.token} x`,
      of.token,
      `Basic ${of.token}`,
      'Bearer ',
      [`Bearer ${of.token}`, 'Bearer x'],
    ];
    for (const authorization of wrong) {
      const said = await ask(of, { headers: { authorization } });
      expect(said, String(authorization)).toMatchObject({ status: 401 });
    }
    expect(await ask(of)).toMatchObject({ status: 200 });
  });

  test('and one of an earlier mock is no good', async () => {
    const [before, now] = [await controlled(CALLS), await controlled(CALLS)];
    expect(before.token).not.toBe(now.token);
    expect(before.token.length).toBeGreaterThanOrEqual(43);
    expect(await ask({ url: now.url, token: before.token })).toMatchObject({ status: 401 });
  });
});

describe('who has the token', () => {
  test.each([
    ['evil.example'],
    ['127.0.0.1'],
    ['127.0.0.1.evil.example:PORT'],
    ['localhost.:PORT'],
    ['0.0.0.0:PORT'],
    ['127.0.0.1:1'],
    [''],
    [['127.0.0.1:PORT', 'evil.example']],
    [['127.0.0.1:PORT', '127.0.0.1:PORT']],
  ])('is refused under the host %s', async (host) => {
    const of = await controlled(CALLS);
    const { port } = new URL(of.url);
    const hosts = [host].flat().map((name) => name.replace('PORT', port));
    const said = await ask(of, { headers: { host: hosts } });
    expect(said).toMatchObject({ status: 421, code: 'HOST_REFUSED' });
  });

  test('may call this machine by its names, whatever else a field says', async () => {
    const of = await controlled(CALLS);
    const { port } = new URL(of.url);
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect(await ask(of, { headers: { host } })).toMatchObject({ status: 200 });
    }
    const forwarded = { 'x-forwarded-host': 'localhost', host: 'evil.example' };
    expect(await ask(of, { headers: forwarded })).toMatchObject({ status: 421 });
  });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:1' }],
    [{ origin: 'http://localhost' }],
    [{ origin: '' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('is refused as a page of another site: %j', async (headers) => {
    const of = await controlled(CALLS);
    const body = '{"rule": "* /** reset"}';
    const said = await ask(of, { method: 'POST', path: '/faults', body, headers });
    expect(said).toMatchObject({ status: 403, code: 'ORIGIN_REFUSED' });
    expect(of.mock.faults.rules).toEqual([]);
  });

  test('is let in from the address bar', async () => {
    const of = await controlled(CALLS);
    expect(await ask(of, { headers: { 'sec-fetch-site': 'none' } })).toMatchObject({ status: 200 });
  });

  test('is never told that other sites may', async () => {
    const of = await controlled(CALLS);
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask(of, { method, path: '/faults' });
      const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
      expect(cors).toEqual([]);
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});

async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let got = '';
  socket.on('data', (piece: Buffer) => {
    got += piece.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(bytes, 'latin1');
  await closed(socket);
  return got;
}

describe('the server', () => {
  test.each([
    ['no request at all', 'hello\r\n\r\n'],
    [
      'a target of another host',
      'GET http://evil.example/health HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nConnection: close\r\n\r\n',
    ],
    [
      'a tunnel',
      'CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\n\r\n',
    ],
    [
      'an upgrade',
      'GET /health HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['no host', 'GET /health HTTP/1.1\r\nAuthorization: Bearer TOKEN\r\nConnection: close\r\n\r\n'],
    ['a head without end', `GET /health HTTP/1.1\r\nX: ${'x'.repeat(64 * 1024)}\r\n\r\n`],
  ])('refuses %s and goes on', async (_, bytes) => {
    const of = await controlled(CALLS);
    const filled = bytes.replace('HOST', new URL(of.url).host).replace('TOKEN', of.token);
    expect(await raw(of.url, filled)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await ask(of)).toMatchObject({ status: 200 });
  });

  test('keeps answering beside hundreds of connections that say nothing', async () => {
    const of = await controlled(CALLS);
    const port = Number(new URL(of.url).port);
    const idle = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect(await ask(of)).toMatchObject({ status: 200 });
    const answers = await Promise.all(Array.from({ length: 40 }, async () => ask(of)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    for (const socket of idle) socket.destroy();
  });

  test('gives up a connection on which no request comes', { timeout: 20_000 }, async () => {
    const of = await controlled(CALLS);
    const socket = connect(Number(new URL(of.url).port), '127.0.0.1');
    socket.resume();
    await closed(socket);
    expect(await ask(of)).toMatchObject({ status: 200 });
  });
});
