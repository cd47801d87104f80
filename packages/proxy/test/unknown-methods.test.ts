import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { intercept } from './secure-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';
import { answering, dial, rawUpstream, Wire } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('a method that nobody knows passes like any other', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      if (wire.text.endsWith('hi')) wire.send(OK);
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const head = 'FROB-NICATE /a?b HTTP/1.1\r\nhost: h\r\nX-Case: y\r\nContent-Length: 2\r\n\r\n';
  await client.send(`${head}hi`).until(/ok$/);
  expect((await upstream.wire()).text).toBe(
    `${head.replace('host: h', `host: 127.0.0.1:${upstream.port}`)}hi`,
  );
  const row = await recorder.row();
  expect(row.request.method).toBe('FROB-NICATE');
  expect(row.outcome).toBe('complete');
});

test('its connection carries further requests, its content may come in pieces', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      if (/(?:GET .*\r\n\r\n|three)$/s.test(wire.text)) wire.send(OK);
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('QUERYX / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\none');
  await (await upstream.wire()).until(/one$/);
  await client.send('two').send('three').until(/ok$/);
  client.text = '';
  await client.send('GET /2 HTTP/1.1\r\nHost: h\r\n\r\n').until(/ok$/);
  expect((await recorder.rows()).map(({ request: { method } }) => method)).toEqual([
    'QUERYX',
    'GET',
  ]);
});

test('without content it has none upstream either', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send('FROBNICATE / HTTP/1.1\r\nHost: h\r\n\r\n').until(/ok$/);
  expect((await upstream.wire()).text).toBe(
    `FROBNICATE / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\n\r\n`,
  );
});

test('in a tunnel it passes too, also when it came with the CONNECT', async () => {
  const upstream = await answering(OK);
  const authority = `127.0.0.1:${upstream.port}`;
  const recorder = await record(null);
  const ask = 'FROBNICATE /a HTTP/1.1\r\nHost: h\r\n\r\n';
  const client = new Wire(await tunnel(recorder.port, authority));
  expect(await client.send(ask).until(/\r\n\r\n.*$/s)).toMatch(/^HTTP\/1\.1 200 /);
  const eager = await dial(recorder.port);
  await eager
    .send(`CONNECT ${authority} HTTP/1.1\r\nHost: h\r\n\r\n${ask}`)
    .until(/(ok|REQUEST_.*)$/s);
  expect(eager.text).toMatch(/ok$/);
  const methods = (await recorder.rows()).map(({ request: { method } }) => method);
  expect(methods).toContain('FROBNICATE');
});

test('in TLS that is read it passes too', async () => {
  const upstream = await answering(OK);
  const map = { 'a.example': `http://127.0.0.1:${upstream.port}` };
  const recorder = await intercept({ map });
  const ca = recorder.authority.certificatePem;
  const socket = await tunnel(recorder.port, 'a.example:443');
  const client = new Wire(await secured(socket, { servername: 'a.example', ca }));
  await client.send('FROBNICATE /a HTTP/1.1\r\nHost: a.example\r\n\r\n').until(/ok$/);
  expect((await recorder.row()).request.method).toBe('FROBNICATE');
});

test('the methods that node:http knows need none of this', async () => {
  const upstream = await answering(OK);
  const { proxy } = await record(upstream.url);
  for (const method of ['PROPFIND', 'PURGE', 'QUERY', 'MKCOL', 'REPORT']) {
    const sent = request(proxy.url, { method });
    sent.end();
    const [answer] = await once(sent, 'response');
    expect(await text(answer)).toBe('ok');
  }
});
