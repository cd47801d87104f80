import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test.each(['DELETE', 'OPTIONS', 'GET', 'POST'])(
  'chunked content of %s stays chunked and starts no second request',
  async (method) => {
    const upstream = await answering(OK);
    const recorder = await record(upstream.url);
    const smuggled = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n';
    const size = smuggled.length.toString(16);
    const head = `${method} / HTTP/1.1\r\nHost: a\r\ntransfer-Encoding: chunked\r\n\r\n`;
    const client = await dial(recorder.port);
    await client.send(`${head}${size}\r\n${smuggled}\r\n0\r\n\r\n`).until(/ok$/);
    const row = await recorder.row();
    const wire = await upstream.wire();
    expect(wire.text).toBe(
      `${method} / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\ntransfer-Encoding: chunked\r\n\r\n${size}\r\n${smuggled}\r\n0\r\n\r\n`,
    );
    expect(Buffer.from(row.request.body.bytes).toString()).toBe(smuggled);
    expect(row.request.body.size).toBe(smuggled.length);
  },
);

test('a given length is kept', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client
    .send('DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: y\r\n\r\nabc')
    .until(/ok$/);
  const wire = await upstream.wire();
  const expected = /\r\nContent-Length: 3\r\nX: y\r\n\r\nabc$/;
  expect(await wire.until(expected)).not.toMatch(/transfer-encoding/i);
});

test.each(['POST', 'PUT', 'DELETE', 'GET'])(
  '%s without content gets no framing',
  async (method) => {
    const upstream = await answering(OK);
    const { port } = await record(upstream.url);
    const client = await dial(port);
    await client.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`).until(/ok$/);
    expect((await upstream.wire()).text).toBe(
      `${method} / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\n\r\n`,
    );
  },
);

test('a length of 0 is kept', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n').until(/ok$/);
  expect((await upstream.wire()).text).toMatch(/\r\nContent-Length: 0\r\n\r\n$/);
});

test('trailers of a request arrive, framing fields among them do not', async () => {
  const upstream = await answering(OK);
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n';
  const trailers = 'X-Sum: 1\r\nHost: b\r\nx-sum: 2\r\n';
  await client.send(`${head}3\r\nabc\r\n0\r\n${trailers}\r\n`).until(/ok$/);
  const wire = await upstream.wire();
  expect(await wire.until(/0\r\n.*\r\n\r\n$/s)).toMatch(
    /\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n$/,
  );
  const { request } = await recorder.row();
  expect(request.trailers).toEqual([
    ['X-Sum', '1'],
    ['Host', 'b'],
    ['x-sum', '2'],
  ]);
});

test('the Trailer field of a request without chunks is dropped', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send('GET / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\n\r\n').until(/ok$/);
  expect((await upstream.wire()).text).not.toMatch(/trailer/i);
});

test('the second of two requests on one connection is a call of its own', async () => {
  const upstream = await answering(OK);
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const chunked =
    'POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n';
  await client.send(chunked).until(/ok$/);
  client.text = '';
  (await upstream.wire()).text = '';
  client.send('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
  const wire = await upstream.wire();
  expect(await wire.until(/\r\n\r\n$/)).toMatch(/^GET \/2 HTTP/);
  expect(upstream.wires).toHaveLength(1);
});

test('pipelined requests are answered in their order', async () => {
  const upstream = await answering(OK);
  upstream.server.removeAllListeners('connection');
  upstream.server.on('connection', (socket) => {
    socket.on('data', (bytes) => {
      const path = /^GET \/(\d)/.exec(bytes.toString())?.[1] ?? '';
      const answer = `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${path}`;
      if (path === '1') socket.once('slow', () => socket.write(answer));
      else {
        socket.write(answer);
        upstream.server.emit('second');
      }
      upstream.server.once('second', () => socket.emit('slow'));
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const two = 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n';
  await client.send(two).until(/\r\n\r\n1HTTP.*\r\n\r\n2$/s);
  expect(await recorder.rows()).toHaveLength(2);
});
