import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { answering, dial, rawUpstream, talk } from './wire.ts';
import type { RawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

async function recordAnswer(answer: string): Promise<Recorder> {
  return await record((await answering(answer)).url);
}

/** Gives its answer and closes. */
async function closing(answer: string): Promise<RawUpstream> {
  return await rawUpstream((wire) => {
    wire.socket.once('data', () => wire.socket.end(Buffer.from(answer, 'latin1')));
  });
}

test.each([
  ['HEAD with a length', 'HEAD', '200 OK', 'Content-Length: 5\r\n'],
  ['HEAD of a chunked answer', 'HEAD', '200 OK', 'Transfer-Encoding: chunked\r\nTrailer: X\r\n'],
  ['204', 'GET', '204 No Content', ''],
  ['304 with a length', 'GET', '304 Not Modified', 'Content-Length: 5\r\nETag: "x"\r\n'],
])('%s has no content and leaves the connection usable', async (_what, method, status, fields) => {
  const answer = `HTTP/1.1 ${status}\r\n${fields}\r\n`;
  const recorder = await recordAnswer(answer);
  const client = await dial(recorder.port);
  const request = `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`;
  expect(await client.send(request).until(/\r\n\r\n$/)).toBe(answer);
  client.text = '';
  expect(await client.send(request).until(/\r\n\r\n$/)).toBe(answer);
  for (const { outcome, response } of await recorder.rows()) {
    expect(outcome).toBe('complete');
    expect(response?.body.size).toBe(0);
  }
});

test('204 and 304 lose what would announce content', async () => {
  const no = await recordAnswer(
    'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  expect(await talk(no.port, LAST_GET)).toMatch(/^HTTP\/1\.1 (?:204|502)/);
  const length = await recordAnswer('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n');
  expect(await talk(length.port, LAST_GET)).toBe(
    'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
  );
  const same = await recordAnswer(
    'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n',
  );
  expect(await talk(same.port, LAST_GET)).toBe(
    'HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n',
  );
});

test('chunked content stays chunked, its trailers follow it', async () => {
  const answer =
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-SUM: 2\r\n\r\n';
  const recorder = await recordAnswer(answer);
  const client = await dial(recorder.port);
  expect(await client.send(GET).until(/0\r\n.*\r\n\r\n$/s)).toBe(answer);
  const { response } = await recorder.row();
  expect(response?.trailers).toEqual([
    ['X-Sum', '1'],
    ['x-SUM', '2'],
  ]);
  expect(Buffer.from(response?.body.bytes ?? []).toString()).toBe('abc');
});

test('content that ends with the connection becomes chunked', async () => {
  const upstream = await closing('HTTP/1.0 200 OK\r\nX: y\r\n\r\nall of it');
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  expect(await client.send(GET).until(/0\r\n\r\n$/)).toBe(
    'HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nall of it\r\n0\r\n\r\n',
  );
  const { outcome, response } = await recorder.row();
  expect(outcome).toBe('complete');
  expect(response?.httpVersion).toBe('1.0');
});

test('an HTTP/1.0 client gets chunked content as plain bytes up to the end', async () => {
  const recorder = await recordAnswer(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n',
  );
  expect(await talk(recorder.port, 'GET / HTTP/1.0\r\n\r\n')).toBe(
    'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc',
  );
  expect((await recorder.row()).request.httpVersion).toBe('1.0');
});

test('an HTTP/1.0 client that asks for it keeps its connection', async () => {
  const { port } = await recordAnswer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const client = await dial(port);
  const request = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
  expect(await client.send(request).until(/ok$/)).toMatch(/\r\nConnection: keep-alive\r\n/);
  client.text = '';
  await client.send(request).until(/ok$/);
});

test('a dead transfer coding is dropped, an unknown one is refused', async () => {
  const identity = await record(
    (await closing('HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabc')).url,
  );
  const client = await dial(identity.port);
  expect(await client.send(GET).until(/0\r\n\r\n$/)).toMatch(/\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
  const unknown = await record(
    (await closing('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc')).url,
  );
  expect(await talk(unknown.port, LAST_GET)).toMatch(/^HTTP\/1\.1 502 .*UPSTREAM_PROTOCOL/s);
});

test('content codings stay on', async () => {
  const packed = gzipSync('some text').toString('latin1');
  const recorder = await recordAnswer(
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n${packed}`,
  );
  expect((await talk(recorder.port, LAST_GET)).endsWith(`\r\n\r\n${packed}`)).toBe(true);
  const { response } = await recorder.row();
  expect(Buffer.from(response?.body.bytes ?? []).toString('latin1')).toBe(packed);
});
