import { createServer as createSecureServer } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { startProxy } from '@calltape/proxy';
import { hostMatch } from '../src/host-pattern.ts';
import { CERTIFICATE, KEY } from './certificate.ts';
import { record } from './recorder.ts';
import { answering, dial, listening, rawUpstream, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function get(port: number, url: string): Promise<string> {
  return await talk(port, `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
}

test('the calls to a mapped host go there, and nobody sees it but the connection', async () => {
  const standIn = await answering(OK);
  const recorder = await record(null, { map: { 'api.stripe.example': `${standIn.url}/base` } });
  expect(await get(recorder.port, 'http://api.stripe.example/v1//charges?a=%20')).toMatch(/ok$/);
  expect((await standIn.wire()).text).toMatch(
    /^GET \/base\/v1\/\/charges\?a=%20 HTTP\/1\.1\r\nHost: api\.stripe\.example\r\n/,
  );
  const { request, peerAddress } = await recorder.row();
  expect(request.url).toBe('http://api.stripe.example/v1//charges?a=%20');
  expect(peerAddress).toBe('127.0.0.1');
});

test('a mapped host is found behind CONNECT too, and its client keeps its Host', async () => {
  const standIn = await answering(OK);
  const recorder = await record(null, { map: { '*.example': standIn.url } });
  const client = await dial(recorder.port);
  client.send('CONNECT api.stripe.example:80 HTTP/1.1\r\nHost: api.stripe.example\r\n\r\n');
  await client.until(/200 [^\r]+\r\n\r\n$/);
  await client.send('GET /v1 HTTP/1.1\r\nHost: Api.Stripe.example\r\n\r\n').until(/ok$/);
  expect((await standIn.wire()).text).toContain('\r\nHost: Api.Stripe.example\r\n');
  expect((await recorder.row()).request.url).toBe('http://api.stripe.example/v1');
});

test('what the stand-in says of its own place is moved to the host that the client knows', async () => {
  const standIn = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      const own = `http://127.0.0.1:${wire.socket.localPort}/base/next`;
      wire.send(`HTTP/1.1 302 Found\r\nLocation: ${own}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  const recorder = await record(null, { map: { 'a.example': `${standIn.url}/base` } });
  expect(await get(recorder.port, 'http://a.example/')).toContain(
    '\r\nLocation: http://a.example/next\r\n',
  );
});

test('over TLS the certificate is checked against the host of the mapped URL', async () => {
  const server = createSecureServer({ cert: CERTIFICATE, key: KEY }, ({ headers }, response) => {
    response.end(headers.host);
  });
  const port = await listening(server, '0.0.0.0');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const map = {
    'a.example': `https://localhost:${port}`,
    'b.example': `https://127.0.0.2:${port}`,
  };
  const recorder = await record(null, { map, ca: [CERTIFICATE] });
  expect(await get(recorder.port, 'http://a.example/')).toContain('a.example');
  expect(await get(recorder.port, 'http://b.example/')).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
});

test('a host may be mapped to any address but the recorder itself', async () => {
  const map = { 'a.example': 'http://169.254.1.2:1', 'b.example': 'http://127.0.0.3:1' };
  const recorder = await record(null, { map, host: '0.0.0.0', connectTimeoutMs: 50 });
  expect(await get(recorder.port, 'http://a.example/')).not.toContain('FORWARD_TARGET_REFUSED');
  expect(await get(recorder.port, 'http://b.example/')).toContain('UPSTREAM_REFUSED');
});

test('a mapping that leads to the recorder itself is refused', async () => {
  const { writer } = await record(null);
  const spare = await answering(OK);
  spare.server.close();
  const { port } = spare;
  const own = { writer, port };
  await expect(
    startProxy({ ...own, map: { 'a.example': `http://localhost:${port}` } }),
  ).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  // Not to be seen at the start: a name that another one stands for.
  const proxy = await startProxy({
    ...own,
    map: { 'a.example': `http://recorder.localhost:${port}` },
  });
  onTestFinished(async () => await proxy.close(0));
  expect(await get(port, 'http://a.example/')).toContain('FORWARD_TARGET_REFUSED');
});

test('an encrypted tunnel that passes unread leads where its host is mapped to', async () => {
  const standIn = await rawUpstream((wire) => wire.send('hello'));
  const recorder = await record(null, {
    map: { 'a.example': `https://127.0.0.1:${standIn.port}` },
  });
  const client = await dial(recorder.port);
  await client.send('CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n').until(/\r\n\r\n$/);
  await client.send('\x16bytes').until(/hello$/);
  await (await standIn.wire()).until(/bytes$/);
});

test('of several mappings that fit, the first holds', async () => {
  const [one, two] = [await answering(OK), await answering(OK.replace('ok', 'OK'))];
  const map = { 'a.example:8080': one.url, '*.example': two.url };
  const { port } = await record(null, { map });
  expect(await get(port, 'http://a.example:8080/')).toMatch(/ok$/);
  expect(await get(port, 'http://a.example/')).toMatch(/OK$/);
});

test.each([
  [{ map: { 'http://a': 'http://127.0.0.1:1' } }, 'PATTERN_INVALID'],
  [{ map: { a: 'ftp://127.0.0.1' } }, 'UPSTREAM_INVALID'],
  [{ map: { a: 'http://127.0.0.1:1' }, upstream: 'http://127.0.0.1:1' }, 'MAP_INVALID'],
  [{ map: { a: 'http://127.0.0.1:1' }, routes: { '/a': 'http://127.0.0.1:1' } }, 'MAP_INVALID'],
])('%j is refused', async (options, code) => {
  const { writer } = await record(null);
  await expect(startProxy({ writer, port: 0, ...options })).rejects.toMatchObject({ code });
});

test.each([
  ['api.example.com', 'api.example.com', 443, true],
  ['API.example.com', 'api.example.com', 443, true],
  ['api.example.com', 'my.api.example.com', 443, false],
  ['api.example.com', 'api-example.com', 443, false],
  ['api.example.com:8443', 'api.example.com', 443, false],
  ['api.example.com:8443', 'api.example.com', 8443, true],
  ['*.example.com', 'a.b.example.com', 443, true],
  ['*.example.com', 'example.com', 443, false],
  ['*', 'anything', 1, true],
  ['*:80', 'anything', 443, false],
  ['api-*.example.com', 'api-eu.example.com', 443, true],
  ['bücher.example', 'xn--bcher-kva.example', 80, true],
  ['10.0.*', '10.0.0.1', 80, true],
  ['[::1]:80', '::1', 80, true],
])('the host pattern %s and %s:%i: %s', (pattern, hostname, port, fits) => {
  expect(hostMatch([pattern])({ hostname, port })).toBe(fits);
});

test.each(['', 'a b', 'http://a', 'a/b', 'a:', 'a:x', '::1', 'a@b'])(
  '%j is no host pattern',
  (text) => {
    expect(() => hostMatch([text])).toThrow('is not a host pattern such as');
  },
);
