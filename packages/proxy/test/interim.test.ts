import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { dial, rawUpstream, talk } from './wire.ts';

const UPLOAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n';

test('the client is told to go on when the upstream says so, not before', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(UPLOAD);
  const wire = await upstream.wire();
  expect(await wire.until(/\r\n\r\n/)).toContain('\r\nExpect: 100-continue\r\n');
  expect(client.text).toBe('');
  wire.send('HTTP/1.1 100 Continue\r\n\r\n');
  expect(await client.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  client.send('abc');
  await wire.until(/abc$/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  expect(await client.until(/ok$/)).toMatch(/HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\n\r\nok$/);
  const { response } = await recorder.row();
  expect(response?.interim.map(({ status, statusText }) => [status, statusText])).toEqual([
    [100, 'Continue'],
  ]);
});

test('a final answer in place of a 100 ends the connection, the content unsent', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(UPLOAD);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send('HTTP/1.1 413 Too Big\r\nContent-Length: 2\r\n\r\nno');
  expect(await client.rest()).toBe(
    'HTTP/1.1 413 Too Big\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno',
  );
  const row = await recorder.row();
  expect(row.outcome).toBe('complete');
  expect(row.response?.status).toBe(413);
});

test('102 and 103 come through with their fields, as often as they are sent', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send('HTTP/1.1 102 Processing\r\n\r\n');
  await client.until(/102 Processing\r\n\r\n$/);
  wire.send('HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nlink: </b>\r\n\r\n');
  expect(await client.until(/103 .*\r\n\r\n$/s)).toMatch(
    /103 Early Hints\r\nLink: <\/a>; rel=preload\r\nlink: <\/b>\r\n\r\n$/,
  );
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  await client.until(/ok$/);
  const { response } = await recorder.row();
  expect(response?.interim).toMatchObject([
    { status: 102, headers: [] },
    {
      status: 103,
      headers: [
        ['Link', '</a>; rel=preload'],
        ['link', '</b>'],
      ],
    },
  ]);
});

test('an HTTP/1.0 client gets no interim response', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () =>
      wire.send('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
  });
  const recorder = await record(upstream.url);
  expect(await talk(recorder.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect((await recorder.row()).response?.interim).toHaveLength(1);
});

test('an unknown expectation is left to the upstream', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () =>
      wire.send('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno'),
    );
  });
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send('GET / HTTP/1.1\r\nHost: a\r\nExpect: the-moon\r\n\r\n').until(/no$/);
  expect((await upstream.wire()).text).toContain('\r\nExpect: the-moon\r\n');
});
