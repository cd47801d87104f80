// Methods that node:http does not know, on connections that have carried requests before.

import type { Exchange } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { Listener } from '../src/listener.ts';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { intercept } from './secure-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';
import { dial, listening, rawUpstream, Wire } from './wire.ts';
import type { RawUpstream } from './wire.ts';

const LINE = /^(?<line>\S+ \S+) HTTP\/1\.1\r\n/;

function ask(line: string, content = ''): string {
  const length = content === '' ? '' : `Content-Length: ${content.length}\r\n`;
  return `${line} HTTP/1.1\r\nHost: h\r\n${length}\r\n${content}`;
}

/** An upstream that answers each request with its first line and its content. */
async function echoing(): Promise<RawUpstream> {
  return await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      const at = wire.text.indexOf('\r\n\r\n');
      const [head, behind] = [wire.text.slice(0, at), wire.text.slice(at + 4)];
      const length = /chunked$/im.test(head)
        ? behind.indexOf('\r\n0\r\n\r\n') + '\r\n0\r\n\r\n'.length
        : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (at === -1 || behind.length < length) return;
      const content = behind.slice(0, length);
      wire.text = behind.slice(length);
      const echo = `${LINE.exec(`${head}\r\n`)?.groups?.['line']} ${content};`;
      wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${echo.length}\r\n\r\n${echo}`);
    });
  });
}

function said(wire: Wire): string[] {
  return [...wire.text.matchAll(/\r\n\r\n([^;]*);/g)].map(([, one = '']) => one.trim());
}

async function saidBy(wire: Wire, answers: number): Promise<string[]> {
  await wire.until(new RegExp(`(?:\r\n\r\n[^;]*;.*?){${answers}}`, 's'));
  return said(wire);
}

function linesOf(rows: readonly Exchange[], { proxy }: Recorder): string[] {
  return rows.map(({ request: { method, url } }) => `${method} ${url.replace(proxy.url, '')}`);
}

async function ready(): Promise<{ recorder: Recorder; client: Wire; upstream: RawUpstream }> {
  const upstream = await echoing();
  const recorder = await record(upstream.url);
  return { recorder, upstream, client: await dial(recorder.port) };
}

test('it passes at any place among the requests of a connection', async () => {
  const { recorder, client, upstream } = await ready();
  const lines = ['GET /1', 'FOO /2', 'PURGEALL /3', 'GET /4', 'M-X! /5', 'get /6', 'POST /7'];
  for (const [at, line] of lines.entries()) {
    const all = await saidBy(client.send(ask(line)), at + 1);
    expect(all.at(-1)).toBe(line);
  }
  const rows = await recorder.rows();
  expect(rows.map(({ request }) => request.method)).toEqual(
    lines.map((line) => line.split(' ')[0]),
  );
  expect(rows.every(({ outcome }) => outcome === 'complete')).toBe(true);
  expect(upstream.wires).toHaveLength(1);
});

test('its content passes too, also when it comes in pieces', async () => {
  const { client } = await ready();
  await saidBy(client.send(ask('POST /1', 'one')), 1);
  client.send(ask('FOO /2', 'two'));
  await saidBy(client, 2);
  client.send('BAR /3 HTTP/1.1\r\nHost: h\r\nContent-Le').send('ngth: 6\r\n\r\nthr');
  expect(await saidBy(client.send('ee!'), 3)).toEqual([
    'POST /1 one',
    'FOO /2 two',
    'BAR /3 three!',
  ]);
});

test.each([
  ['GET /1', 'FOO /2'],
  ['GET /1', 'FOO /2', 'BAR /3', 'GET /4', 'GETX /5'],
  ['FOO /1', 'GET /2', 'FOO /3'],
])('sent all at once: %j, %j', async (...lines) => {
  const { recorder, client } = await ready();
  client.send(lines.map((line) => ask(line)).join(''));
  expect(await saidBy(client, lines.length)).toEqual(lines);
  expect((await recorder.rows()).map(({ request }) => request.method)).toEqual(
    lines.map((line) => line.split(' ')[0]),
  );
});

test.each(['hi', 'GE', 'x\nGE', '\r\n\r\n', 'FOO /not HTTP/1.1', 'P'.repeat(30)])(
  'what is before it may end with content of a known length: %j',
  async (content) => {
    const { recorder, client } = await ready();
    client.send(ask('POST /1', content) + ask('TX /2') + ask('GET /3'));
    await saidBy(client, 3);
    expect((await recorder.rows()).map(({ request }) => request.method)).toEqual([
      'POST',
      'TX',
      'GET',
    ]);
  },
);

test('or with content in chunks', async () => {
  const { client } = await ready();
  const chunked = 'POST /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n';
  client.send(`${chunked}3\r\nGET\r\n0\r\n\r\n`);
  client.send(ask('FOO /2'));
  await client.until(/FOO \/2 ;$/);
});

test('it waits until what is due before it has been answered', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(ask('GET /slow') + ask('FOO /2')).send(ask('GET /3'));
  const first = await upstream.wire();
  await first.until(/GET \/slow .*\r\n\r\n$/s);
  first.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nslow;');
  await first.until(/FOO \/2 .*\r\n\r\n$/s);
  expect(client.text).toMatch(/slow;$/);
  const second = await upstream.wire(1);
  await second.until(/^GET \/3 .*\r\n\r\n$/s);
  second.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nthree;');
  first.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfoo;');
  expect(await saidBy(client, 3)).toEqual(['slow', 'foo', 'three']);
});

test('it waits longer than a head may take to arrive', async () => {
  const due = Promise.withResolvers<() => void>();
  const methods: (string | undefined)[] = [];
  const listener = new Listener(
    (request, response) => {
      methods.push(request.method);
      if (request.url === '/slow') due.resolve(() => response.end('slow;'));
      else setTimeout(() => response.end('late;'), 150);
      return null;
    },
    { times: { headTimeoutMs: 40, checkEveryMs: 10 } },
  );
  const port = await listening(listener.server);
  onTestFinished(async () => await listener.close());
  const client = await dial(port);
  client.send(ask('GET /slow') + ask('FOO /2'));
  const answer = await due.promise;
  setTimeout(answer, 150);
  await client.until(/slow;.*late;/s);
  expect(methods).toEqual(['GET', 'FOO']);
});

test('behind an answer that is the last of its connection nothing is read', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => {
      wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n' + ask('FOO /2'));
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 200 .*ok$/s);
  expect(await recorder.rows()).toHaveLength(1);
});

test('a method whose first letters came before is refused, not taken for another', async () => {
  const { recorder, client, upstream } = await ready();
  await saidBy(client.send(`${ask('GET /1')}PUR`), 1);
  client.send(ask('GEALL /2'));
  expect(await client.rest()).toMatch(/HTTP\/1\.1 400 .*REQUEST_MALFORMED/s);
  expect(await recorder.rows()).toHaveLength(2);
  expect((await upstream.wire()).text).toBe('');
});

test.each([
  [
    'two lengths',
    'FOO /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  ['an invalid field', 'FOO /2 HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n'],
  ['a space before the colon', 'FOO /2 HTTP/1.1\r\nHost : h\r\n\r\n'],
  ['no target', 'FOO  HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['another protocol', 'FOO /2 RTSP/1.0\r\nHost: h\r\n\r\n'],
])('%s is refused as ever, and told under its own method', async (_what, bad) => {
  const { recorder, client } = await ready();
  await saidBy(client.send(ask('GET /1')), 1);
  client.send(bad + ask('GET /3'));
  expect(await client.rest()).toMatch(/HTTP\/1\.1 400 .*REQUEST_MALFORMED/s);
  const [, row, ...more] = linesOf(await recorder.rows(), recorder);
  expect(row).toMatch(/^(?:FOO \/2|\? \/)$/);
  expect(more).toEqual([]);
});

test('in a tunnel and in TLS that is read it passes later too', async () => {
  const upstream = await echoing();
  const map = { 'a.example': `http://127.0.0.1:${upstream.port}` };
  const recorder = await intercept({ map });
  const plain = new Wire(await tunnel(recorder.port, `127.0.0.1:${upstream.port}`));
  const ca = recorder.authority.certificatePem;
  const socket = await tunnel(recorder.port, 'a.example:443');
  const secure = new Wire(await secured(socket, { servername: 'a.example', ca }));
  for (const client of [plain, secure]) {
    await saidBy(client.send(ask('GET /1')), 1);
    await saidBy(client.send(ask('FOO /2')), 2);
    client.send(ask('GET /3') + ask('FOO /4'));
    expect(await saidBy(client, 4)).toEqual(['GET /1', 'FOO /2', 'GET /3', 'FOO /4']);
  }
});

test('a client that leaves while it waits costs nothing', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(ask('GET /slow') + ask('FOO /2'));
  const far = await upstream.wire();
  await far.until(/GET \/slow .*\r\n\r\n$/s);
  client.socket.resetAndDestroy();
  far.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nslow;');
  const rows = await recorder.rows();
  expect(rows.map(({ request }) => request.method)).toContain('GET');
  expect(far.text).not.toContain('FOO');
});
