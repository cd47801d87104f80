import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import type { HandshakeFailure, ProxyOptions } from '@calltape/proxy';
import { expect, onTestFinished, test } from 'vitest';
import { CERTIFICATE } from './certificate.ts';
import { run, runNode } from './program.ts';
import { intercept, secureUpstream } from './secure-upstream.ts';
import type { Interceptor } from './secure-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';
import { answering, dial, rawUpstream, Wire } from './wire.ts';

function agentThrough(recorder: Interceptor, ca = recorder.authority.certificatePem): Agent {
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: recorder.proxy.url }, ca, keepAlive: true });
  onTestFinished(() => agent.destroy());
  return agent;
}

async function answerOf(asked: ReturnType<typeof get>): Promise<IncomingMessage> {
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

test('an encrypted call is read, recorded and answered as the host would', async () => {
  const upstream = await secureUpstream((asked, response) => {
    response.setHeader('X-Host', asked.headers.host ?? '');
    response.end(`${asked.method} ${asked.url}`);
  });
  const recorder = await intercept();
  const agent = agentThrough(recorder);
  const answer = await answerOf(get(`${upstream.url}/v1/things?a=1`, { agent }));
  expect(await text(answer)).toBe('GET /v1/things?a=1');
  expect(answer.headers['x-host']).toBe(upstream.authority);
  const row = await recorder.row();
  expect(row).toMatchObject({
    request: { method: 'GET', url: `${upstream.url}/v1/things?a=1`, httpVersion: '1.1' },
    response: { status: 200 },
    outcome: 'complete',
    peerAddress: '127.0.0.1',
  });
  expect(row.timings.ssl).toBeGreaterThan(0);
  expect(row.endpoint.origin).toBe(upstream.url);
});

test('5 MB go up and 5 MB come down unchanged, several calls on one connection', async () => {
  const body = Buffer.alloc(5_000_000, 'calltape');
  const upstream = await secureUpstream((asked, response) => {
    void buffer(asked).then((received) => response.end(received));
  });
  const recorder = await intercept();
  const agent = agentThrough(recorder);
  for (let at = 0; at < 2; at += 1) {
    const asked = request(upstream.url, { agent, method: 'POST' });
    asked.end(body);
    const answer = await answerOf(asked);
    expect((await buffer(answer)).equals(body)).toBe(true);
    expect(asked.reusedSocket).toBe(at === 1);
  }
  const rows = await recorder.rows();
  expect(rows.map((row) => [row.request.body.size, row.response?.body.size])).toEqual([
    [5_000_000, 5_000_000],
    [5_000_000, 5_000_000],
  ]);
});

test.each(['127.0.0.1', '[::1]'])('the address %s has a certificate too', async (host) => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, `${host}:9`);
  const secure = await secured(socket, {
    host: host.replace(/[[\]]/g, ''),
    ca: recorder.authority.certificatePem,
  });
  expect(secure.authorized).toBe(true);
  expect(secure.getPeerX509Certificate()?.subjectAltName).toMatch(/^IP Address:[\d.:]+1$/);
});

test('an address in the tunnel and a name in the handshake are that name at that port', async () => {
  const upstream = await secureUpstream((_asked, response) => response.end('ok'));
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, `127.0.0.1:${upstream.port}`);
  const ca = recorder.authority.certificatePem;
  const client = new Wire(await secured(socket, { servername: 'localhost', ca }));
  await client.send('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n').until(/ok/);
  expect((await recorder.row()).request.url).toBe(`${upstream.url}/a`);
});

test('a client that names no host gets the certificate of its tunnel', async () => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, 'api.example.test:443');
  const secure = await secured(socket, {
    ca: recorder.authority.certificatePem,
    checkServerIdentity: () => undefined,
  });
  expect(secure.servername).toBe(false);
  expect(secure.getPeerX509Certificate()?.subjectAltName).toBe('DNS:api.example.test');
});

test.each([
  'a b',
  '../../etc/passwd',
  'a\u0001b',
  `${'x'.repeat(64)}.test`,
  '*.example.test',
  'ü.test',
  '..',
])('the name %j in a handshake stops nothing', async (servername) => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, 'api.example.test:443');
  const ca = recorder.authority.certificatePem;
  const secure = await secured(socket, { servername, ca, checkServerIdentity: () => undefined });
  expect(secure.getPeerX509Certificate()?.subjectAltName).toBe('DNS:api.example.test');
});

test('a host under a strange name still has a certificate', async () => {
  const recorder = await intercept();
  const name = `my_service.${'long-'.repeat(12)}.${'even-longer-'.repeat(5)}-.example.test`;
  const socket = await tunnel(recorder.port, `${name.toUpperCase()}:443`);
  const ca = recorder.authority.certificatePem;
  const secure = await secured(socket, { servername: name, ca });
  expect(secure.authorized).toBe(true);
});

test('TLS without a tunnel leads to the host and port that the client names', async () => {
  const upstream = await secureUpstream((_asked, response) => response.end('ok'), 'a.localhost');
  const recorder = await intercept();
  const { port } = recorder;
  const ca = recorder.authority.certificatePem;
  const headers = { host: upstream.authority };
  const asked = get({
    host: '127.0.0.1',
    port,
    servername: 'a.localhost',
    path: '/x',
    ca,
    headers,
    agent: false,
  });
  // The stand-in's certificate does not name a.localhost, so the call gets as far as that.
  expect((await answerOf(asked)).statusCode).toBe(502);
  expect(await recorder.row()).toMatchObject({
    request: { url: `${upstream.url}/x` },
    error: { type: 'UPSTREAM_TLS' },
  });
});

test('a client may speak TLS with the proxy itself', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await intercept();
  const ca = recorder.authority.certificatePem;
  const client = new Wire(
    await secured((await dial(recorder.port)).socket, { servername: 'localhost', ca }),
  );
  await client.send(`GET ${upstream.url}/a HTTP/1.1\r\nHost: h\r\n\r\n`).until(/ok$/);
  await client.send('GET /b HTTP/1.1\r\nHost: h\r\n\r\n').until(/FORWARD_TARGET_INVALID/);
  const rows = await recorder.rows();
  expect(rows.map((row) => [row.request.url, row.error?.type])).toEqual([
    [`${upstream.url}/a`, undefined],
    [`${recorder.proxy.url}/b`, 'FORWARD_TARGET_INVALID'],
  ]);
});

test.each<[Partial<ProxyOptions>, boolean]>([
  [{ tunnel: ['localhost'] }, false],
  [{ tunnel: ['*.example.com', 'local*'] }, false],
  [{ tunnel: ['localhost:1'] }, true],
  [{ intercept: ['LOCALHOST'] }, true],
  [{ intercept: ['*.example.com'] }, false],
  [{ intercept: ['*'], tunnel: ['*host'] }, false],
])('%j decides whether calls are read', async (options, isRead) => {
  const upstream = await secureUpstream((_asked, response) => response.end('ok'));
  const unrecorded: string[] = [];
  const recorder = await intercept({
    ...options,
    onUnrecorded: (authority) => {
      unrecorded.push(authority);
    },
  });
  const ca = isRead ? recorder.authority.certificatePem : CERTIFICATE;
  const agent = agentThrough(recorder, ca);
  expect(await text(await answerOf(get(upstream.url, { agent })))).toBe('ok');
  expect(unrecorded).toEqual(isRead ? [] : [upstream.authority]);
  expect(await recorder.rows()).toHaveLength(isRead ? 1 : 0);
});

test.each(['', 'a b', 'http://a', 'a:b', 'a/b'])('the pattern %j is refused', async (pattern) => {
  await expect(intercept({ tunnel: [pattern] })).rejects.toMatchObject({ code: 'PATTERN_INVALID' });
});

function told(): { failures: HandshakeFailure[]; options: Partial<ProxyOptions> } {
  const failures: HandshakeFailure[] = [];
  const onHandshakeFailure = (failure: HandshakeFailure): void => {
    failures.push(failure);
  };
  return { failures, options: { onHandshakeFailure } };
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a Node client of %s that does not trust the authority is a row',
  async (maxVersion) => {
    const { failures, options } = told();
    const recorder = await intercept(options);
    const socket = await tunnel(recorder.port, 'api.example.test:443');
    const refused = secured(socket, { servername: 'api.example.test', maxVersion });
    await expect(refused).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await expect.poll(() => failures.length).toBe(1);
    const row = await recorder.row();
    expect(row).toMatchObject({
      request: { method: 'CONNECT', url: 'https://api.example.test' },
      response: null,
      outcome: 'error',
      error: { type: 'CLIENT_TRUST' },
    });
    expect(row.error?.message).toContain(recorder.authority.certificateFile);
    expect(row.error?.message).toContain('calltape run');
    expect(row.error?.message).toBe(failures[0]?.message);
    expect(failures[0]?.authority).toBe('api.example.test');
    expect(row.durationMs).toBeGreaterThan(0);
  },
);

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test.runIf(hasCurl)(
  'curl is recorded when it trusts the authority, and a row when not',
  async () => {
    const upstream = await secureUpstream((asked, response) => response.end(asked.url));
    const recorder = await intercept();
    const words = ['-sx', recorder.proxy.url, `${upstream.url}/from-curl`];
    const trusted = ['--cacert', recorder.authority.certificateFile];
    expect(await run('curl', [...trusted, ...words])).toMatchObject({
      code: 0,
      stdout: '/from-curl',
    });
    const overTls = [
      '-sx',
      recorder.proxy.url.replace('http', 'https'),
      `${upstream.url}/over-tls`,
    ];
    const proxyTrusted = ['--proxy-cacert', recorder.authority.certificateFile];
    expect(await run('curl', [...trusted, ...proxyTrusted, ...overTls])).toMatchObject({
      code: 0,
      stdout: '/over-tls',
    });
    expect(await run('curl', words)).toMatchObject({ code: 60 });
    await expect
      .poll(async () => (await recorder.rows()).map(({ error }) => error?.type))
      .toEqual([undefined, undefined, 'CLIENT_TRUST']);
    const [, , row] = await recorder.rows();
    expect(row?.error?.message).toContain('sent the alert "unknown ca"');
    expect(row?.request.url).toBe(upstream.url);
  },
);

const PYTHON = 'python3';
const hasPython = spawnSync(PYTHON, ['-c', 'import ssl']).status === 0;

test.runIf(hasPython)('Python accepts the certificates at its strictest', async () => {
  const upstream = await secureUpstream((asked, response) => response.end(asked.url));
  const recorder = await intercept();
  const script = `
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
context.verify_flags |= ssl.VERIFY_X509_STRICT
proxy = urllib.request.ProxyHandler({'https': sys.argv[1]})
opener = urllib.request.build_opener(proxy, urllib.request.HTTPSHandler(context=context))
print(opener.open(sys.argv[3], timeout=15).read().decode(), end='')
`;
  const { certificateFile } = recorder.authority;
  const words = ['-c', script, recorder.proxy.url, certificateFile, `${upstream.url}/from-python`];
  expect(await run(PYTHON, words)).toEqual({ code: 0, stdout: '/from-python', stderr: '' });
});

test("Node's fetch needs two variables and nothing else", async () => {
  const upstream = await secureUpstream((_asked, response) => response.end('ok'));
  const recorder = await intercept();
  const script = `process.stdout.write(await (await fetch('${upstream.url}/fetch')).text());`;
  const { certificateFile } = recorder.authority;
  const ended = await runNode(script, recorder.proxy.url, { NODE_EXTRA_CA_CERTS: certificateFile });
  expect(ended).toEqual({ code: 0, stdout: 'ok', stderr: '' });
  expect((await recorder.row()).request.url).toBe(`${upstream.url}/fetch`);
});

test.each<[string, Parameters<typeof secured>[1], string]>([
  [
    'speaks an old version only',
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    'CLIENT_TLS_MISMATCH',
  ],
  [
    'has no cipher in common',
    { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
    'CLIENT_TLS_MISMATCH',
  ],
  ['speaks no protocol of ours', { ALPNProtocols: ['spdy/3'] }, 'CLIENT_TLS_MISMATCH'],
])('a client that %s is a row', async (_what, client, code) => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, 'api.example.test:443');
  await expect(secured(socket, { servername: 'api.example.test', ...client })).rejects.toThrow();
  await expect
    .poll(async () => (await recorder.rows()).map(({ error }) => error?.type))
    .toEqual([code]);
});

test.each([
  ['breaks off', '\u0016\u0003\u0001\u0000\u0005', true],
  ['is garbage', '\u0016\u0003\u0001\u0000\u0005hello', false],
  ['is of another protocol', '\u0016ELO mail.example.test\r\n', false],
])('a handshake that %s is a row', async (_what, bytes, ends) => {
  const recorder = await intercept();
  const client = new Wire(await tunnel(recorder.port, 'api.example.test:443'));
  client.send(bytes);
  if (ends) client.socket.end();
  await client.closed;
  await expect
    .poll(async () => (await recorder.rows()).map(({ error }) => error?.type))
    .toEqual(['CLIENT_TLS_INVALID']);
});

test('a client that leaves its own handshake in peace is no row', async () => {
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, 'api.example.test:443');
  await secured(socket, { servername: 'api.example.test', ca: recorder.authority.certificatePem });
  await recorder.proxy.close();
  expect(await recorder.rows()).toEqual([]);
});

async function secureWire(recorder: Interceptor, authority: string): Promise<Wire> {
  const socket = await tunnel(recorder.port, authority);
  const ca = recorder.authority.certificatePem;
  return new Wire(await secured(socket, { servername: 'localhost', ca }));
}

test.each([
  [
    'both lengths',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
  ],
  [
    'an odd coding',
    'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a folded line', 'GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n'],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n'],
  ['a bad chunk', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
])('a request with %s is refused inside TLS too', async (_what, asked) => {
  const upstream = await rawUpstream();
  const recorder = await intercept();
  const client = await secureWire(recorder, `localhost:${upstream.port}`);
  expect(await client.send(asked).rest()).toMatch(/^HTTP\/1\.1 400 /);
});

test('headers keep their case and order, trailers and 1xx pass, inside TLS too', async () => {
  const upstream = await secureUpstream((asked, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' });
    response.setHeader('Trailer', 'X-Sum');
    response.write(asked.rawHeaders.filter((_, at) => at % 2 === 0).join(','));
    response.addTrailers({ 'X-Sum': '1' });
    response.end();
  });
  const recorder = await intercept();
  const client = await secureWire(recorder, upstream.authority);
  client.send(
    'GET / HTTP/1.1\r\nHost: h\r\nX-Case: 1\r\nx-CASE: 2\r\nExpect: 100-continue\r\n\r\n',
  );
  const answer = await client.until(/X-Sum: 1\r\n\r\n$/);
  expect(answer).toMatch(/HTTP\/1\.1 103 /);
  expect(answer).toContain('Host,X-Case,x-CASE,Expect');
  expect((await recorder.row()).response).toMatchObject({
    trailers: [['X-Sum', '1']],
    interim: [{ status: 100 }, { status: 103 }],
  });
});

test('a client may end its side and still read its answer, inside TLS too', async () => {
  const upstream = await secureUpstream((asked, response) => {
    asked.resume();
    setTimeout(() => response.end('late'), 50);
  });
  const recorder = await intercept();
  const socket = await tunnel(recorder.port, upstream.authority);
  const ca = recorder.authority.certificatePem;
  const secure = await secured(socket, { servername: 'localhost', ca });
  secure.allowHalfOpen = true;
  const client = new Wire(secure);
  secure.end('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  expect(await client.rest()).toMatch(/late$/);
});

test('a cut answer without framing is a reset inside TLS too', async () => {
  const upstream = await secureUpstream((_asked, response) => {
    response.write('part');
    setTimeout(() => response.destroy(), 20);
  });
  const recorder = await intercept();
  const client = await secureWire(recorder, upstream.authority);
  client.send('GET / HTTP/1.0\r\nHost: h\r\n\r\n');
  await client.until(/part/);
  expect(await client.closed).toBe('ECONNRESET');
  expect((await recorder.row()).outcome).toBe('truncated');
});

test('a client that leaves ends the call upstream, inside TLS too', async () => {
  const left = Promise.withResolvers<void>();
  const upstream = await secureUpstream((asked, response) => {
    response.write('part');
    asked.on('close', () => left.resolve());
  });
  const recorder = await intercept();
  const client = await secureWire(recorder, upstream.authority);
  await client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n').until(/part/);
  client.socket.destroy();
  await left.promise;
  expect((await recorder.row()).outcome).toBe('aborted');
});
