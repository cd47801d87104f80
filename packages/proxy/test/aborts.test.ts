import { once } from 'node:events';
import { expect, test } from 'vitest';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import { dial, rawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a client that leaves while it waits cancels the call upstream', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  client.socket.resetAndDestroy();
  await wire.closed;
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'aborted', response: null, error: { type: 'CLIENT_LEFT' } });
  expect(row.durationMs).toBeGreaterThan(0);
});

test('a client that closes in an orderly way while it waits cancels the call too', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  client.socket.destroy();
  await wire.closed;
  expect((await recorder.row()).outcome).toBe('aborted');
});

test('a client that only ends its side still gets its answer', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.socket.end(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  expect(await client.rest()).toMatch(/ok$/);
  expect((await recorder.row()).outcome).toBe('complete');
});

test('a client that leaves a running download cancels it upstream', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
  await client.until(/abc$/);
  client.socket.destroy();
  await wire.closed;
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'aborted', error: { type: 'CLIENT_LEFT' } });
  expect(row.response).toMatchObject({ status: 200, body: { size: 3 } });
});

test('a client that leaves in the middle of its upload cancels it upstream', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc');
  const wire = await upstream.wire();
  await wire.until(/abc$/);
  client.socket.destroy();
  await wire.closed;
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'aborted', error: { type: 'CLIENT_LEFT' } });
  expect(row.request.body.size).toBe(3);
});

test('an aborted fetch cancels the call upstream', async () => {
  const upstream = await httpUpstream((_request, response) => {
    upstream.server.emit('asked', response);
  });
  const recorder = await record(upstream.url);
  const controller = new AbortController();
  const asked = once(upstream.server, 'asked');
  const fetched = fetch(recorder.proxy.url, { signal: controller.signal });
  const [response] = await asked;
  controller.abort();
  await expect(fetched).rejects.toThrow('abort');
  await once(response, 'close');
  expect((await recorder.row()).outcome).toBe('aborted');
});

test.each([
  ['with a length', 'Content-Length: 10\r\n\r\nabc', /\r\n\r\nabc$/],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', /\r\n\r\n3\r\nabc\r\n$/],
  [
    'in the middle of a chunk',
    'Transfer-Encoding: chunked\r\n\r\n9\r\nabc',
    /\r\n\r\n3\r\nabc\r\n$/,
  ],
])('an answer %s that the upstream cuts is cut for the client', async (_how, rest, seen) => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => wire.socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  expect(await client.send(GET).rest()).toMatch(seen);
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'truncated', error: { type: 'UPSTREAM_CUT' } });
  expect(Buffer.from(row.response?.body.bytes ?? []).toString()).toBe('abc');
});

test('a reset in the middle of an answer is told apart', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc');
  await client.until(/abc$/);
  wire.socket.resetAndDestroy();
  await client.closed;
  expect(await recorder.row()).toMatchObject({
    outcome: 'truncated',
    error: { type: 'UPSTREAM_RESET' },
  });
});

test('a broken chunk after the head cuts the answer', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  wire.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
  await client.until(/abc\r\n$/);
  wire.send('zz\r\n');
  expect(await client.rest()).toMatch(/abc\r\n$/);
  expect(await recorder.row()).toMatchObject({
    outcome: 'truncated',
    error: { type: 'UPSTREAM_PROTOCOL' },
  });
});

test('an HTTP/1.0 client learns of a cut answer by a reset', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () =>
      wire.socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
    );
  });
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send('GET / HTTP/1.0\r\n\r\n');
  expect(await client.closed).toBe('ECONNRESET');
  expect(client.text).toMatch(/\r\n\r\nabc$/);
});

test('the fetch of a cut answer fails', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () =>
      wire.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'),
    );
  });
  const { proxy } = await record(upstream.url);
  const response = await fetch(proxy.url);
  await expect(response.text()).rejects.toThrow('terminated');
});
