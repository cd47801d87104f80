import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial, rawUpstream } from './wire.ts';

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

test('on a connection that has been used, it is refused and the client told why', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n').until(/ok$/);
  client.send('FROBNICATE / HTTP/1.1\r\nHost: h\r\n\r\n');
  expect(await client.rest()).toMatch(/HTTP\/1\.1 400 .*REQUEST_MALFORMED/s);
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
