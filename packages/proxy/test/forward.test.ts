import { spawnSync } from 'node:child_process';
import { Agent, createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import {
  Agent as SecureAgent,
  createServer as createSecureServer,
  get as getSecure,
} from 'node:https';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { CERTIFICATE, KEY } from './certificate.ts';
import { httpUpstream } from './http-upstream.ts';
import { run, runNode } from './program.ts';
import { record } from './recorder.ts';
import { answering, dial, listening, rawUpstream, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function codeIn(answer: string): string | undefined {
  return /\r\nx-calltape-error: (\w+)\r\n/.exec(answer)?.[1];
}

test.each([
  ['/p//q?r=%20', '/p//q?r=%20'],
  ['', '/'],
  ['?q', '/?q'],
  ['/a/../b', '/a/../b'],
])('the absolute-form target with %j is passed on in origin form', async (path, sent) => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const client = await dial(recorder.port);
  await client.send(`GET ${upstream.url}${path} HTTP/1.1\r\nHost: other\r\n\r\n`).until(/ok$/);
  expect((await upstream.wire()).text).toBe(
    `GET ${sent} HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\n\r\n`,
  );
  expect((await recorder.row()).request.url).toBe(upstream.url + sent);
});

test('what is said to the proxy goes no further, everything else does', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const fields = 'Proxy-Authorization: Basic eDp5\r\nX-Case: 1\r\nProxy-Connection: keep-alive\r\n';
  await client
    .send(`GET ${upstream.url}/ HTTP/1.1\r\nHost: h\r\n${fields}x-case: 2\r\n\r\n`)
    .until(/ok$/);
  expect((await upstream.wire()).text).toBe(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\nX-Case: 1\r\nx-case: 2\r\n\r\n`,
  );
});

test('OPTIONS without a path asks about the server itself', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const client = await dial(recorder.port);
  await client.send(`OPTIONS ${upstream.url} HTTP/1.1\r\nHost: h\r\n\r\n`).until(/ok$/);
  expect((await upstream.wire()).text).toMatch(/^OPTIONS \* HTTP/);
  expect((await recorder.row()).request.url).toBe(upstream.url);
});

test('one connection may carry calls to several hosts', async () => {
  const [one, two] = [await answering(OK), await answering(OK.replace('ok', 'OK'))];
  const recorder = await record(null);
  const client = await dial(recorder.port);
  await client.send(`GET ${one.url}/1 HTTP/1.1\r\nHost: h\r\n\r\n`).until(/ok$/);
  await client.send(`GET ${two.url}/2 HTTP/1.1\r\nHost: h\r\n\r\n`).until(/OK$/);
  expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([
    `${one.url}/1`,
    `${two.url}/2`,
  ]);
});

test('a request that names no host is told how to use a forward proxy', async () => {
  const recorder = await record(null);
  const response = await fetch(`${recorder.proxy.url}/v1/charges`);
  expect(response.status).toBe(400);
  const { error } = JSON.parse(await response.text());
  expect(error.code).toBe('FORWARD_TARGET_INVALID');
  expect(error.message).toContain('/v1/charges');
  expect(error.message).toContain('HTTP_PROXY');
  expect(await recorder.row()).toMatchObject({ outcome: 'error', error: { type: error.code } });
});

test.each(['ftp://a/b', 'http:///b', 'http://', 'http://a:99999/', 'localhost:80'])(
  'the target %s is refused',
  async (target) => {
    const recorder = await record(null);
    const answer = await talk(recorder.port, `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test('CONNECT with plain HTTP behind it is recorded, call by call', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const authority = `127.0.0.1:${upstream.port}`;
  client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await client.until(/^HTTP\/1\.1 200 [^\r]+\r\n\r\n$/);
  await client.send(`GET /a HTTP/1.1\r\nHost: my.name\r\n\r\n`).until(/ok$/);
  await client.send(`GET /b HTTP/1.1\r\nHost: my.name\r\n\r\n`).until(/ok[^]*ok$/);
  expect((await upstream.wire()).text).toMatch(/^GET \/a HTTP\/1\.1\r\nHost: my\.name\r\n\r\n/);
  expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([
    `${upstream.url}/a`,
    `${upstream.url}/b`,
  ]);
});

test('a request that comes in one piece with its CONNECT is answered too', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const authority = `127.0.0.1:${upstream.port}`;
  client.send(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n`,
  );
  await client.until(/ok$/);
  expect((await recorder.row()).request.url).toBe(`${upstream.url}/a`);
});

test('a large upload through a tunnel arrives whole', async () => {
  const body = 'x'.repeat(3_000_000);
  const upstream = await httpUpstream((request, response) => {
    void text(request).then((received) => response.end(String(received.length)));
  });
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const authority = `127.0.0.1:${upstream.port}`;
  client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await client.until(/\r\n\r\n$/);
  client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await client.until(/3000000/);
  expect((await recorder.row()).request.body.size).toBe(body.length);
});

test.each(['nothing', ':80', 'host', 'a@b:80', 'host:99999', 'host:80/path'])(
  'CONNECT %s is refused',
  async (target) => {
    const recorder = await record(null);
    const answer = await talk(recorder.port, `CONNECT ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test('no tunnel leads through a tunnel', async () => {
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const connect = 'CONNECT a.example:80 HTTP/1.1\r\nHost: a\r\n\r\n';
  await client.send(connect).until(/^HTTP\/1\.1 200 /);
  expect(codeIn(await client.send(connect).rest())).toBe('CONNECT_UNSUPPORTED');
});

test('a tunnel that is left unused ends with its client, and with the proxy', async () => {
  const recorder = await record(null);
  const [leaves, stays] = [await dial(recorder.port), await dial(recorder.port)];
  const connect = 'CONNECT a.example:80 HTTP/1.1\r\nHost: a\r\n\r\n';
  await leaves.send(connect).until(/\r\n\r\n$/);
  await stays.send(connect).until(/\r\n\r\n$/);
  leaves.socket.end();
  await leaves.closed;
  await recorder.proxy.close();
  await stays.closed;
});

test('calls to the proxy itself are refused, by whatever name', async () => {
  const recorder = await record(null);
  const { port } = recorder;
  for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]', '0x7f.1']) {
    const target = `http://${host}:${port}/`;
    const answer = await talk(
      port,
      `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
    );
    expect(answer, host).toMatch(/^HTTP\/1\.1 403 /);
    expect(codeIn(answer), host).toBe('FORWARD_TARGET_REFUSED');
  }
  const rows = await recorder.rows();
  expect(rows.map(({ error }) => error?.type)).toEqual(rows.map(() => 'FORWARD_TARGET_REFUSED'));
});

test('a proxy that listens on every address is none of them to its clients', async () => {
  const { port } = await record(null, { host: '0.0.0.0' });
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  );
  for (const address of addresses) {
    const request = `GET http://${address}:${port}/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
    expect(codeIn(await talk(port, request)), address).toBe('FORWARD_TARGET_REFUSED');
  }
});

test.each(['169.254.169.254', '[::ffff:169.254.169.254]', '0xa9fea9fe', '[fd00:ec2::254]'])(
  'the credentials of the machine, at %s, are out of reach',
  async (host) => {
    const { port } = await record(null);
    const direct = `GET http://${host}/latest HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
    expect(codeIn(await talk(port, direct))).toBe('FORWARD_TARGET_REFUSED');
    const client = await dial(port);
    await client.send(`CONNECT ${host}:80 HTTP/1.1\r\nHost: h\r\n\r\n`).until(/\r\n\r\n$/);
    client.send('GET /latest HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    expect(codeIn(await client.rest())).toBe('FORWARD_TARGET_REFUSED');
  },
);

test('a host that cannot be reached is a 502 and a row', async () => {
  const upstream = await rawUpstream();
  await new Promise((resolve) => upstream.server.close(resolve));
  const recorder = await record(null);
  const request = `GET ${upstream.url}/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
  expect(codeIn(await talk(recorder.port, request))).toBe('UPSTREAM_REFUSED');
  expect((await recorder.row()).error?.type).toBe('UPSTREAM_REFUSED');
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test.runIf(hasCurl)('curl sends its calls through it', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const url = `${upstream.url}/from-curl?a=[1]`;
  const plain = await run('curl', ['-sgx', recorder.proxy.url, url]);
  expect(plain).toMatchObject({ code: 0, stdout: 'ok' });
  const tunnel = await run('curl', ['-sgpx', recorder.proxy.url, url]);
  expect(tunnel).toMatchObject({ code: 0, stdout: 'ok' });
  expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([url, url]);
});

test("Node's fetch and http send theirs through it by the environment alone", async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const script = `
    import { get } from 'node:http';
    process.stdout.write(await (await fetch('${upstream.url}/fetch')).text());
    get('${upstream.url}/http', (response) => response.pipe(process.stdout));
  `;
  expect(await runNode(script, recorder.proxy.url)).toEqual({
    code: 0,
    stdout: 'okok',
    stderr: '',
  });
  expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([
    `${upstream.url}/fetch`,
    `${upstream.url}/http`,
  ]);
});

test('an agent of node:http with a proxy of its own does too', async () => {
  const upstream = await answering(OK);
  const recorder = await record(null);
  const agent = new Agent({ proxyEnv: { HTTP_PROXY: recorder.proxy.url } });
  onTestFinished(() => agent.destroy());
  const [response]: IncomingMessage[] = await once(get(`${upstream.url}/a`, { agent }), 'response');
  expect(response === undefined ? '' : await text(response)).toBe('ok');
  expect((await recorder.row()).request.url).toBe(`${upstream.url}/a`);
});

test('TLS in a tunnel passes unread, and is named', async () => {
  const server = createSecureServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
    response.end(`${request.method} ${request.url}`);
  });
  const port = await listening(server);
  onTestFinished(() => void server.close());
  const unrecorded: string[] = [];
  const recorder = await record(null, {
    onUnrecorded: (authority) => {
      unrecorded.push(authority);
    },
  });
  const proxyEnv = { HTTPS_PROXY: recorder.proxy.url };
  const agent = new SecureAgent({ proxyEnv, ca: CERTIFICATE });
  onTestFinished(() => agent.destroy());
  const request = getSecure({ agent, host: 'localhost', port, path: '/secret' });
  const [answer]: IncomingMessage[] = await once(request, 'response');
  expect(answer === undefined ? null : await text(answer)).toBe('GET /secret');
  expect(unrecorded).toEqual([`localhost:${port}`]);
  expect(await recorder.rows()).toEqual([]);
});

test('a tunnel to a TLS server that is not there is closed', async () => {
  const gone = createServer();
  const port = await listening(gone);
  gone.close();
  await once(gone, 'close');
  const recorder = await record(null);
  const client = await dial(recorder.port);
  const connect = `CONNECT localhost:${port} HTTP/1.1\r\nHost: h\r\n\r\n`;
  await client.send(connect).until(/established\r\n\r\n$/);
  await client.send('\u0016\u0003\u0001').closed;
  const { request, outcome, error } = await recorder.row();
  expect([request.method, request.url]).toEqual(['CONNECT', `https://localhost:${port}`]);
  expect([outcome, error?.type]).toEqual(['error', 'UPSTREAM_REFUSED']);
});

test('a flood of tunnels that lead nowhere fills no tape, and is counted', async () => {
  const recorder = await record(null);
  const floods = Array.from({ length: 60 }, async () => {
    const client = await dial(recorder.port);
    const connect = 'CONNECT 169.254.169.254:443 HTTP/1.1\r\nHost: h\r\n\r\n';
    await client.send(connect).until(/established\r\n\r\n$/);
    await client.send('\u0016\u0003\u0001').closed;
  });
  await Promise.all(floods);
  const rows = await recorder.rows();
  expect(recorder.proxy.unkeptRefusals).toBeGreaterThan(0);
  expect(rows.length + recorder.proxy.unkeptRefusals).toBe(60);
});
