import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { connect as connectSecure } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkUpstreamAccess, startProxy } from '@calltape/proxy';
import type { ProxyOptions } from '@calltape/proxy';
import { parseNoProxy } from '../src/no-proxy.ts';
import { parseProxy } from '../src/proxy-address.ts';
import { socksDestination } from '../src/socks-destination.ts';
import { UpstreamProxies } from '../src/upstream-proxies.ts';
import type { Variables } from '../src/upstream-proxies.ts';
import { originOf } from '../src/origin.ts';
import { parseUpstream } from '../src/upstream.ts';
import { EXAMPLE_CERTIFICATE, EXAMPLE_KEY } from './certificate.ts';
import { httpProxy, socksProxy } from './corporate-proxy.ts';
import { record } from './recorder.ts';
import { answering, dial, listening, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
/** user:pass@word */
const USER = 'dXNlcjpwYXNzQHdvcmQ=';

async function secureUpstream(): Promise<number> {
  const tls = { cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY };
  const server = createSecureServer(tls, ({ url, headers }, response) => {
    response.end(`${headers.host} ${url}`);
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return port;
}

async function get(port: number, target = '/a?b'): Promise<string> {
  return await talk(port, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
}

function through(url: string, more: Partial<ProxyOptions> = {}): Partial<ProxyOptions> {
  return { upstreamProxy: url, ca: [EXAMPLE_CERTIFICATE], ...more };
}

describe('an https upstream', () => {
  test.each([
    ['http', 'http://127.0.0.1:'],
    ['https', 'https://127.0.0.1:'],
  ])('is reached by CONNECT through an %s proxy', async (scheme, prefix) => {
    const port = await secureUpstream();
    const proxy = await httpProxy({ tls: scheme === 'https', user: USER });
    const url = `${prefix.replace('//', '//user:pass%40word@')}${proxy.port}`;
    const hosts = { insecureHosts: ['127.0.0.1'] };
    const recorder = await record(`https://api.example:${port}`, through(url, hosts));
    expect(await get(recorder.port)).toContain(`api.example:${port} /a?b`);
    expect(proxy.asked).toEqual([
      `CONNECT api.example:${port} HTTP/1.1\r\nHost: api.example:${port}\r\nProxy-Authorization: Basic ${USER}\r\n\r\n`,
    ]);
    const { request, timings, peerAddress } = await recorder.row();
    expect(request.url).toBe(`https://api.example:${port}/a?b`);
    expect(JSON.stringify(request.headers)).not.toContain(USER);
    expect(timings.ssl).toBeGreaterThan(0);
    expect(peerAddress).toBe('127.0.0.1');
  });

  test.each(['socks5h', 'socks4a'])('is reached through a %s proxy by its name', async (scheme) => {
    const port = await secureUpstream();
    const proxy = await socksProxy();
    const url = `${scheme}://127.0.0.1:${proxy.port}`;
    const recorder = await record(`https://api.example:${port}`, through(url));
    expect(await get(recorder.port)).toContain(`api.example:${port} /a?b`);
    expect(proxy.asked).toEqual([`${scheme[5]} api.example:${port}`]);
  });

  test('its certificate is checked behind a proxy too', async () => {
    const port = await secureUpstream();
    const proxy = await httpProxy();
    const recorder = await record(
      `https://other.example:${port}`,
      through(`127.0.0.1:${proxy.port}`),
    );
    expect(await get(recorder.port)).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect((await recorder.row()).error?.type).toBe('UPSTREAM_TLS');
  });
});

describe('an http upstream', () => {
  test('is asked through an http proxy with its whole URL, over kept connections', async () => {
    const upstream = await answering(OK);
    const proxy = await httpProxy({ user: USER });
    const url = `http://user:pass%40word@127.0.0.1:${proxy.port}`;
    const origin = `http://api.example:${upstream.port}`;
    const recorder = await record(`${origin}/base`, through(url));
    const client = await dial(recorder.port);
    await client.send('GET /a HTTP/1.1\r\nHost: h\r\n\r\n').until(/ok$/);
    await client
      .send('POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx')
      .until(/ok.*ok$/s);
    await client.send('OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n').until(/ok.*ok.*ok$/s);
    const { text } = await upstream.wire();
    const [first = '', second = '', third = ''] = text.split(/(?=POST|OPTIONS)/);
    expect(first).toBe(
      `GET ${origin}/base/a HTTP/1.1\r\nHost: api.example:${upstream.port}\r\nProxy-Authorization: Basic ${USER}\r\n\r\n`,
    );
    expect(second).toMatch(new RegExp(`^POST ${origin}/base/b HTTP[^]*\r\n\r\nx$`));
    expect(third).toMatch(new RegExp(`^OPTIONS ${origin} HTTP`));
    expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([
      `${origin}/base/a`,
      `${origin}/base/b`,
      origin,
    ]);
    expect(upstream.wires).toHaveLength(1);
  });

  test('is asked as ever through a SOCKS proxy, which checks user and password', async () => {
    const upstream = await answering(OK);
    const proxy = await socksProxy('user:pass@word');
    const url = `socks5h://user:pass%40word@127.0.0.1:${proxy.port}`;
    const recorder = await record(`http://api.example:${upstream.port}`, through(url));
    expect(await get(recorder.port)).toMatch(/ok$/);
    expect((await upstream.wire()).text).toMatch(/^GET \/a\?b HTTP/);
    expect(proxy.asked).toEqual([`5 api.example:${upstream.port} user:pass@word`]);
  });
});

test('a WebSocket goes by CONNECT, also where requests would not', async () => {
  const upstream = await answering('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno');
  const proxy = await httpProxy();
  const recorder = await record(
    `http://api.example:${upstream.port}`,
    through(`127.0.0.1:${proxy.port}`),
  );
  const client = await dial(recorder.port);
  const handshake =
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  await client.send(`GET /ws HTTP/1.1\r\nHost: h\r\n${handshake}\r\n`).until(/no$/);
  expect(proxy.asked[0]).toMatch(new RegExp(`^CONNECT api.example:${upstream.port} `));
  expect((await upstream.wire()).text).toMatch(/^GET \/ws HTTP/);
});

test('an encrypted tunnel that is passed on unread goes through the proxy', async () => {
  const port = await secureUpstream();
  const proxy = await httpProxy();
  const recorder = await record(null, through(`127.0.0.1:${proxy.port}`));
  const client = await dial(recorder.port);
  client.send(`CONNECT api.example:${port} HTTP/1.1\r\nHost: api.example\r\n\r\n`);
  await client.until(/\r\n\r\n$/);
  client.socket.removeAllListeners('data');
  const inner = connectSecure({
    socket: client.socket,
    servername: 'api.example',
    ca: EXAMPLE_CERTIFICATE,
  });
  await once(inner, 'secureConnect');
  inner.write('GET /x HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
  const [answer] = await once(inner, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  inner.destroy();
  expect(proxy.asked[0]).toMatch(new RegExp(`^CONNECT api.example:${port} `));
});

test('where an unread tunnel does not lead is told', async () => {
  const proxy = await httpProxy({ answer: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
  const told: [string, string][] = [];
  const recorder = await record(null, {
    upstreamProxy: `127.0.0.1:${proxy.port}`,
    map: { 'plain.example': 'http://127.0.0.1:1' },
    onTunnelFailure: (authority, { code }) => told.push([authority, code]),
  });
  for (const host of ['api.example:443', 'plain.example:443', '169.254.169.254:443']) {
    const client = await dial(recorder.port);
    await client.send(`CONNECT ${host} HTTP/1.1\r\nHost: a\r\n\r\n`).until(/\r\n\r\n$/);
    await client.send('\x16').rest();
  }
  expect(told).toEqual([
    ['api.example:443', 'PROXY_REFUSED'],
    ['plain.example:443', 'FORWARD_TARGET_REFUSED'],
    ['169.254.169.254:443', 'FORWARD_TARGET_REFUSED'],
  ]);
  const rows = await recorder.rows();
  expect(rows.map(({ request: { method, url }, error }) => [method, url, error?.type])).toEqual([
    ['CONNECT', 'https://api.example', 'PROXY_REFUSED'],
    ['CONNECT', 'https://plain.example', 'FORWARD_TARGET_REFUSED'],
    ['CONNECT', 'https://169.254.169.254', 'FORWARD_TARGET_REFUSED'],
  ]);
  expect(rows.every(({ outcome, response }) => outcome === 'error' && response === null)).toBe(
    true,
  );
});

async function failing(url: string, upstream = 'https://api.example'): Promise<[string, string]> {
  const recorder = await record(upstream, through(url));
  const answer = await get(recorder.port);
  expect(answer).toMatch(/^HTTP\/1\.1 502 /);
  expect(answer).not.toContain('secret');
  const { error } = await recorder.row();
  expect(answer).toContain(`x-calltape-error: ${error?.type}\r\n`);
  return [error?.type ?? '', error?.message ?? ''];
}

function wayOf(variables: Variables, url: string, only?: string): string | null {
  const proxies = new UpstreamProxies({ url: only, variables });
  return proxies.find(originOf(new URL(url)))?.hostname ?? null;
}

describe('a proxy that does not help is told with its row', () => {
  test.each([
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'PROXY_REFUSED', '403 Forbidden'],
    ['HTTP/1.0 503\r\n\r\n', 'PROXY_REFUSED', '503'],
    ['HTTP/1.1 407 Who?\r\n\r\n', 'PROXY_AUTH', '407 Who?'],
    ['SSH-2.0\r\n\r\n', 'PROXY_UNREACHABLE', 'does not speak HTTP'],
    [`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`, 'PROXY_UNREACHABLE', 'does not speak HTTP'],
    ['HTTP/1.1 200', 'PROXY_UNREACHABLE', 'closed the connection'],
  ])('CONNECT answered with %j', async (answer, code, why) => {
    const { port } = await httpProxy({ answer });
    const [type, message] = await failing(`http://user:secret@127.0.0.1:${port}`);
    expect(type).toBe(code);
    expect(message).toContain(why);
    expect(message).toContain(`http://127.0.0.1:${port} (--upstream-proxy)`);
  });

  test('a plain request that the proxy asks a password for', async () => {
    const { port } = await httpProxy({ user: USER });
    const [type] = await failing(`127.0.0.1:${port}`, 'http://api.example');
    expect(type).toBe('PROXY_AUTH');
  });

  test('one where nothing listens, or that cannot prove itself', async () => {
    const { port } = await answering('');
    expect(await failing('http://127.0.0.1:1')).toEqual([
      'PROXY_UNREACHABLE',
      expect.stringContaining('ECONNREFUSED'),
    ]);
    expect((await failing(`http://nowhere.invalid:${port}`))[0]).toBe('PROXY_UNREACHABLE');
    const secure = await httpProxy({ tls: true });
    expect(await failing(`https://127.0.0.1:${secure.port}`)).toEqual([
      'PROXY_UNREACHABLE',
      expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    ]);
  });

  test('SOCKS', async () => {
    const denying = await socksProxy('user:other');
    const at = `127.0.0.1:${denying.port}`;
    expect((await failing(`socks5h://user:secret@${at}`))[0]).toBe('PROXY_AUTH');
    expect((await failing(`socks5h://${at}`))[0]).toBe('PROXY_AUTH');
    const refusing = await socksProxy(undefined, 5);
    const refusal = ['PROXY_REFUSED', expect.stringContaining('ConnectionRefused')];
    expect(await failing(`socks5h://127.0.0.1:${refusing.port}`)).toEqual(refusal);
    expect((await failing(`socks4a://127.0.0.1:${refusing.port}`))[0]).toBe('PROXY_REFUSED');
    const web = await httpProxy({ answer: 'HTTP/1.1 400 Bad Request\r\n\r\n' });
    expect((await failing(`socks5h://127.0.0.1:${web.port}`))[0]).toBe('PROXY_UNREACHABLE');
  });

  test('one that says nothing is waited for no longer than for an upstream', async () => {
    const silent = await answering('');
    const recorder = await record(
      'https://api.example',
      through(`127.0.0.1:${silent.port}`, { connectTimeoutMs: 50 }),
    );
    const answer = await get(recorder.port);
    expect(answer).toMatch(/^HTTP\/1\.1 504 /);
    expect(answer).toContain(`https://api.example by the proxy http://127.0.0.1:${silent.port}`);
  });
});

describe('the variables', () => {
  test.each<[string, Variables, string, string | null]>([
    ['none', {}, 'https://a.example', null],
    ['HTTPS_PROXY for https', { HTTPS_PROXY: 'http://p' }, 'https://a.example', 'p'],
    ['HTTPS_PROXY not for http', { HTTPS_PROXY: 'http://p' }, 'http://a.example', null],
    ['HTTP_PROXY for http', { HTTP_PROXY: 'http://p' }, 'http://a.example', 'p'],
    ['lower case first', { http_proxy: 'p', HTTP_PROXY: 'q' }, 'http://a.example', 'p'],
    ['an empty one is none', { http_proxy: '', HTTP_PROXY: 'q' }, 'http://a.example', 'q'],
    ['no HTTP_PROXY in CGI', { HTTP_PROXY: 'q', REQUEST_METHOD: 'GET' }, 'http://a.example', null],
    ['http_proxy in CGI', { http_proxy: 'q', REQUEST_METHOD: 'GET' }, 'http://a.example', 'q'],
    [
      'ALL_PROXY for the rest',
      { ALL_PROXY: 'socks5://p', HTTP_PROXY: 'q' },
      'https://a.example',
      'p',
    ],
    ['NO_PROXY', { ALL_PROXY: 'p', NO_PROXY: 'x,a.example' }, 'https://a.example', null],
    ['localhost', { ALL_PROXY: 'p' }, 'http://localhost:3000', null],
    ['a name below localhost', { ALL_PROXY: 'p' }, 'http://a.localhost:3000', null],
    ['a loopback address', { ALL_PROXY: 'p' }, 'http://127.0.0.9', null],
    ['::1', { ALL_PROXY: 'p' }, 'http://[::1]', null],
  ])('%s', (_what, variables, url, expected) => {
    expect(wayOf(variables, url)).toBe(expected);
  });

  test('one given by itself stands for all of them but NO_PROXY', () => {
    const variables = { HTTPS_PROXY: 'http://p', NO_PROXY: 'b.example' };
    expect(wayOf(variables, 'https://a.example', 'http://q')).toBe('q');
    expect(wayOf(variables, 'http://a.example', 'http://q')).toBe('q');
    expect(wayOf(variables, 'http://b.example', 'http://q')).toBeNull();
  });
});

test.each([
  ['a.example', 'a.example', 443, true],
  ['A.example', 'a.EXAMPLE.', 443, true],
  ['a.example', 'x.a.example', 443, true],
  ['.a.example', 'x.a.example', 443, true],
  ['.a.example', 'a.example', 443, true],
  ['*.a.example', 'x.a.example', 443, true],
  ['a.example', 'xa.example', 443, false],
  ['a.example:8443', 'a.example', 443, false],
  ['a.example:8443', 'a.example', 8443, true],
  ['*', 'any', 1, true],
  ['b , a.example c', 'a.example', 443, true],
  ['10.0.0.0/8', '10.1.2.3', 443, true],
  ['10.0.0.0/8', '11.1.2.3', 443, false],
  ['10.0.0.0/8', 'a.example', 443, false],
  ['192.168.1.1', '192.168.1.1', 443, true],
  ['192.168.1.1:80', '192.168.1.1', 443, false],
  ['fd00::/8', 'fd12::1', 443, true],
  ['[fd12::1]:443', 'fd12::1', 443, true],
  ['fd12::1', 'fd12::2', 443, false],
  ['10.0.0.0/99', '10.1.2.3', 443, false],
  ['', 'a.example', 443, false],
])('NO_PROXY=%s excepts %s:%i: %s', (text, hostname, port, excepted) => {
  expect(parseNoProxy(text)(hostname, port)).toBe(excepted);
});

test.each([
  ['http://p.example:3128', 'http', 'p.example', 3128, ''],
  ['p.example:3128', 'http', 'p.example', 3128, ''],
  ['http://p.example', 'http', 'p.example', 80, ''],
  ['https://p.example/', 'https', 'p.example', 443, ''],
  ['https://p.example:80', 'https', 'p.example', 80, ''],
  ['HTTPS://P.example', 'https', 'p.example', 443, ''],
  ['socks://[::1]', 'socks5', '::1', 1080, ''],
  ['socks5h://u%3Aser:p%40ss@p.example:9050', 'socks5h', 'p.example', 9050, 'u:ser p@ss'],
  ['user@p.example:1', 'http', 'p.example', 1, 'user '],
])('%s is a proxy', (text, scheme, hostname, port, user) => {
  const proxy = parseProxy(text, 'X');
  expect([proxy.scheme, proxy.hostname, proxy.port]).toEqual([scheme, hostname, port]);
  expect(user === '' ? '' : `${proxy.username} ${proxy.password}`).toBe(user);
  expect(proxy.shown).not.toContain('@');
});

test.each([
  'ftp://p',
  'http://',
  'http://p:99999',
  'http://p/path',
  'http://p?q',
  'http://u:secret@ p',
])('%s is no proxy, and its password is not told', (text) => {
  expect(() => parseProxy(text, 'HTTPS_PROXY')).toThrow(/^HTTPS_PROXY is "(?!.*secret)/);
});

test('what is to be resolved here is, and SOCKS 4 needs an IPv4 address of it', () => {
  const upstream = parseUpstream('http://a.example');
  const found: unknown[] = [];
  for (const scheme of ['socks5', 'socks4', 'socks5h']) {
    const proxy = parseProxy(`${scheme}://p`, 'X');
    for (const address of [{ address: '2001:db8::1', family: 6 }]) {
      socksDestination(
        proxy,
        upstream,
        (_name, _options, done) => done(null, [address]),
        (error, host) => found.push(host ?? error?.message),
      );
    }
  }
  expect(found).toEqual(['2001:db8::1', expect.stringContaining('IPv4 only'), 'a.example']);
});

test('a proxy that is the recorder itself is refused at the start', async () => {
  const { writer } = await record(null);
  const spare = await answering('');
  spare.server.close();
  const { port } = spare;
  const variables = { https_proxy: `http://me:secret@localhost:${port}` };
  await expect(startProxy({ writer, port, proxyVariables: variables })).rejects.toMatchObject({
    code: 'UPSTREAM_PROXY_INVALID',
    message: expect.stringMatching(/^https_proxy names http:\/\/localhost:\d+, which is this rec/),
  });
  expect(() => checkUpstreamAccess({ proxyVariables: variables }, '127.0.0.1', port)).toThrow(
    'go round in circles',
  );
  expect(checkUpstreamAccess({ proxyVariables: variables }, '127.0.0.1', 1)).toEqual([
    `http://localhost:${port} (https_proxy)`,
  ]);
});
