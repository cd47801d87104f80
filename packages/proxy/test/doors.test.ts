// The doors with an answer of somebody else's behind them: what it is told of each call.

import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openAuthority, openDoors } from '@calltape/proxy';
import type { Authority, Doors, DoorsOptions, Visit } from '@calltape/proxy';
import { NO_TAPE } from '@calltape/store';
import { httpUpstream } from './http-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';

interface Opened {
  readonly doors: Doors;
  readonly authority: Authority;
  readonly visits: Visit[];
}

function sayPlace({ request, response, secure, origin, passOn }: Visit): void {
  if (passOn !== null) {
    passOn([...request.rawHeaders, 'X-Passed', '1'], Buffer.from('read before'));
    return;
  }
  const said = `${request.method} ${request.url} ${secure} ${origin} ${request.httpVersion}`;
  response.writeHead(200, 'OK', ['Content-Length', String(said.length)]);
  response.end(said, 'latin1');
}

async function open(options: Partial<DoorsOptions> = {}): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-doors-'));
  const authority = await openAuthority(folder);
  const visits: Visit[] = [];
  const doors = await openDoors({
    host: '127.0.0.1',
    port: 0,
    authority,
    secure: false,
    onHandshakeFailure: () => undefined,
    answer: (visit) => {
      visits.push(visit);
      sayPlace(visit);
    },
    ...options,
  });
  onTestFinished(async () => {
    doors.cut();
    await doors.close();
    await rm(folder, { recursive: true });
  });
  return { doors, authority, visits };
}

async function bodyOf(url: string, init: RequestInit = {}): Promise<string> {
  return (await fetch(url, init)).text();
}

test('a call that comes plainly is meant for whoever listens', async () => {
  const { doors } = await open();
  expect(await bodyOf(`${doors.url}/a?b=1`)).toBe('GET /a?b=1 false null 1.1');
});

test('a call through CONNECT is meant for the host asked for, in the clear and in TLS', async () => {
  const { doors, authority } = await open();
  const ask = 'GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n';
  const plain = await tunnel(doors.port, 'api.example.com:8080');
  plain.write(ask);
  expect(await text(plain)).toMatch(/GET \/a false http:\/\/api\.example\.com:8080 1\.1$/);
  const ca = authority.certificatePem;
  const inside = await tunnel(doors.port, 'api.example.com:443');
  const secure = await secured(inside, { ca, servername: 'api.example.com' });
  secure.write(ask);
  expect(await text(secure)).toMatch(/GET \/a true https:\/\/api\.example\.com 1\.1$/);
});

test.each([
  ['localhost', 'GET /a true null 2'],
  ['api.example.com', 'GET /a true https://api.example.com 2'],
])('a client that names %s in TLS', async (servername, said) => {
  const { doors, authority } = await open({ secure: true });
  expect(doors.url).toBe(`https://127.0.0.1:${doors.port}`);
  const client = connectHttp2(doors.url, { ca: authority.certificatePem, servername });
  onTestFinished(() => client.destroy());
  const stream = client.request({ ':path': '/a', ':authority': `${servername}:${doors.port}` });
  expect(await text(stream)).toBe(said);
});

test('what is no valid request reaches nobody', async () => {
  const { doors, visits } = await open();
  const socket = connect(doors.port, '127.0.0.1');
  const fields = ['Host: h', 'Content-Length: 3', 'Transfer-Encoding: chunked'];
  socket.write(['POST / HTTP/1.1', ...fields, '', '0', '', 'GET /b HTTP/1.1', '', ''].join('\r\n'));
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  expect(visits).toEqual([]);
});

test('a call that is passed on goes out with the fields and the content that are given', async () => {
  const upstream = await httpUpstream((request, response) => {
    void text(request).then((body) =>
      response.end(`${String(request.headers['x-passed'])} ${body}`),
    );
  });
  const passingOn = { upstream: upstream.url, writer: NO_TAPE };
  const { doors } = await open({ passingOn });
  const init = { method: 'POST', body: 'read before' };
  expect(await bodyOf(`${doors.url}/a`, init)).toBe('1 read before');
});

test('doors that would lead to themselves do not open', async () => {
  const { doors } = await open();
  const passingOn = { upstream: doors.url, writer: NO_TAPE };
  const again = open({ port: doors.port, passingOn });
  await expect(again).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await doors.close();
  await expect(open({ port: doors.port, passingOn })).rejects.toMatchObject({
    code: 'UPSTREAM_INVALID',
  });
});
