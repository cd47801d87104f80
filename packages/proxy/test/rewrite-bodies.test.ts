import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  brotliCompressSync,
  brotliDecompressSync,
  createGzip,
  constants,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { dial, rawUpstream, talk } from './wire.ts';
import type { RawUpstream } from './wire.ts';

const JSON_TYPE = 'Content-Type: application/json\r\n';

/** An upstream that answers with head and content as given, and a recorder that moves its URLs. */
async function answered(
  head: (own: string) => string,
  content: (own: string) => Buffer | string,
): Promise<{ upstream: RawUpstream; recorder: Recorder; own: string }> {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      const bytes = Buffer.from(content(upstream.url));
      const framing = `Content-Length: ${bytes.length}\r\n\r\n`;
      wire.socket.write(Buffer.concat([Buffer.from(head(upstream.url) + framing), bytes]));
    });
  });
  const recorder = await record(upstream.url, { rewriteBodies: true });
  return { upstream, recorder, own: `http://127.0.0.1:${recorder.port}` };
}

function ok(fields: string, status = '200 OK'): () => string {
  return () => `HTTP/1.1 ${status}\r\n${fields}`;
}

async function get(port: number, method = 'GET', version = '1.1'): Promise<string> {
  const host = `Host: 127.0.0.1:${port}\r\n`;
  return await talk(port, `${method} / HTTP/${version}\r\n${host}Connection: close\r\n\r\n`);
}

function jsonPage(own: string): string {
  return `{"next":"${own}/page/2","é":"https://other.example"}`;
}

test('the URLs of the upstream lead to the recorder, and the tape keeps the original', async () => {
  const { upstream, recorder, own } = await answered(ok(JSON_TYPE), jsonPage);
  const response = await fetch(recorder.proxy.url);
  expect(response.headers.get('content-length')).toBeNull();
  expect(await response.text()).toBe(jsonPage(own));
  const { body } = (await recorder.row()).response ?? {};
  expect(Buffer.from(body?.bytes ?? []).toString()).toBe(jsonPage(upstream.url));
});

test('without the option a body goes on as it is', async () => {
  const upstream = await httpUpstream((_request, response) => {
    response.setHeader('content-type', 'text/plain').end(upstream.url);
  });
  const recorder = await record(upstream.url);
  expect(await (await fetch(recorder.proxy.url)).text()).toBe(upstream.url);
});

test('every upstream leads below its own prefix', async () => {
  const other = await httpUpstream((_request, response) => response.end());
  const upstream = await httpUpstream((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<a href="${upstream.url}/a"><a href="${other.url}/base/b"><a href="${other.url}/c">`,
    );
  });
  const routes = { '/one': upstream.url, '/two': `${other.url}/base` };
  const recorder = await record(null, { routes, rewriteBodies: true });
  const own = recorder.proxy.url;
  expect(await (await fetch(`${own}/one/`)).text()).toBe(
    `<a href="${own}/one/a"><a href="${own}/two/b"><a href="${other.url}/c">`,
  );
});

const CODINGS = [
  ['gzip', gzipSync, gunzipSync],
  ['x-gzip', gzipSync, gunzipSync],
  ['deflate', deflateSync, inflateSync],
  ['deflate', deflateRawSync, inflateRawSync],
  ['br', brotliCompressSync, brotliDecompressSync],
  ['zstd', zstdCompressSync, zstdDecompressSync],
] as const;

function contentOf(answer: string): Buffer {
  const [, chunked = ''] = /\r\n\r\n([^]*)$/.exec(answer) ?? [];
  const parts: string[] = [];
  for (let at = 0; ;) {
    const [line = '', size = '0'] = /^([\da-f]+)\r\n/.exec(chunked.slice(at)) ?? [];
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.from(parts.join(''), 'latin1');
    parts.push(chunked.slice(at + line.length, at + line.length + length));
    at += line.length + length + 2;
  }
}

test.each(CODINGS)('%s is taken off and put on again', async (name, encode, decode) => {
  const filler = '0123456789'.repeat(20_000);
  const page = (own: string): string => `${own}/1 ${filler} ${own}/2`;
  const fields = `${JSON_TYPE}Content-Encoding: ${name}\r\n`;
  const { recorder, own } = await answered(ok(fields), (url) => encode(page(url)));
  const answer = await get(recorder.port);
  expect(answer).toContain(`\r\nContent-Encoding: ${name}\r\n`);
  expect(answer).toContain('\r\nTransfer-Encoding: chunked\r\n');
  expect(decode(contentOf(answer)).toString()).toBe(page(own));
  expect((await recorder.row()).outcome).toBe('complete');
});

test('zstd of several frames and gzip of several members are read to their end', async () => {
  for (const [name, encode, decode] of [CODINGS[5], CODINGS[0]]) {
    const fields = `${JSON_TYPE}Content-Encoding: ${name}\r\n`;
    const { recorder, own } = await answered(ok(fields), (url) =>
      Buffer.concat([encode(url.slice(0, 9)), encode(`${url.slice(9)}/x`)]),
    );
    expect(decode(contentOf(await get(recorder.port))).toString()).toBe(`${own}/x`);
  }
});

test.each([
  ['another type', 'Content-Type: image/png\r\n'],
  ['no type', ''],
  ['a charset that is not based on ASCII', 'Content-Type: text/plain; charset=utf-16le\r\n'],
  ['a charset that is not known', 'Content-Type: text/plain; charset=x-mine\r\n'],
  ['a coding that is not known', `${JSON_TYPE}Content-Encoding: compress\r\n`],
  ['two codings', `${JSON_TYPE}Content-Encoding: gzip, br\r\n`],
])('content with %s is not touched', async (_what, fields) => {
  const { upstream, recorder } = await answered(ok(fields), (own) => own);
  const answer = await get(recorder.port);
  expect(answer).toContain(`Content-Length: ${upstream.url.length}\r\n`);
  expect(answer).toMatch(new RegExp(`\r\n\r\n${upstream.url}$`));
});

test.each([
  'application/problem+json',
  'text/html; charset=ISO-8859-1',
  'application/xml; charset="utf-8"',
  'image/svg+xml',
  'text/javascript;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'application/x-ndjson',
])('content of type %s is changed', async (type) => {
  const { recorder, own } = await answered(ok(`Content-Type: ${type}\r\n`), (url) => url);
  expect(await (await fetch(recorder.proxy.url)).text()).toBe(own);
});

test('a part of a whole is not touched', async () => {
  const fields = `${JSON_TYPE}Content-Range: bytes 0-9/99\r\n`;
  const head = ok(fields, '206 Partial Content');
  const { upstream, recorder } = await answered(head, (own) => own);
  expect(await (await fetch(recorder.proxy.url)).text()).toBe(upstream.url);
});

test('what is said of the length and the bytes is taken out, ETag stays', async () => {
  const sums = 'Content-MD5: x\r\nDigest: md5=x\r\nContent-Digest: x\r\nRepr-Digest: x\r\n';
  const { recorder } = await answered(ok(`${JSON_TYPE}ETag: "a"\r\n${sums}`), (own) => own);
  const [head = ''] = (await get(recorder.port)).split('\r\n\r\n');
  expect(head).toContain('ETag: "a"');
  expect(head).not.toMatch(/digest|md5|content-length/i);
  expect((await get(recorder.port, 'HEAD')).toLowerCase()).not.toMatch(/digest|content-length/);
});

test.each(['304 Not Modified', '204 No Content'])('%s has no body to change', async (status) => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => wire.send(`HTTP/1.1 ${status}\r\nETag: "a"\r\n\r\n`));
  });
  const recorder = await record(upstream.url, { rewriteBodies: true });
  expect(await get(recorder.port)).toMatch(/ETag: "a"\r\nConnection: close\r\n\r\n$/);
});

test('an HTTP/1.0 client reads to the end of the connection', async () => {
  const { recorder, own } = await answered(ok(JSON_TYPE), (url) => `${url}/x`);
  const answer = await get(recorder.port, 'GET', '1.0');
  expect(answer).not.toMatch(/transfer-encoding|content-length/i);
  expect(answer).toMatch(new RegExp(`\r\n\r\n${own}/x$`));
});

test.each(['identity', 'gzip'])('each event of a stream leaves at once, %s', async (coding) => {
  const upstream = await httpUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
    const encoder = createGzip({ flush: constants.Z_SYNC_FLUSH });
    if (coding === 'gzip') encoder.pipe(response);
    const sink = coding === 'gzip' ? encoder : response;
    sink.write(`data: ${upstream.url}/0\n\n`);
    // The next one follows when the client has the one before.
    upstream.server.on('next', (event: number) => {
      sink.write(`data: ${upstream.url}/${event}\n\n`);
      if (event === 3) sink.end();
    });
  });
  const recorder = await record(upstream.url, { rewriteBodies: true });
  const response = await fetch(recorder.proxy.url);
  const events: string[] = [];
  for await (const piece of response.body ?? []) {
    events.push(Buffer.from(piece).toString());
    upstream.server.emit('next', events.length);
  }
  expect(events).toEqual([0, 1, 2, 3].map((event) => `data: ${recorder.proxy.url}/${event}\n\n`));
});

test('a URL that comes in pieces is found, and trailers follow', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      wire.send(
        `HTTP/1.1 200 OK\r\n${JSON_TYPE}Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (const letter of upstream.url) wire.send(`1\r\n${letter}\r\n`);
      wire.send('0\r\nX-Sum: 1\r\n\r\n');
    });
  });
  const recorder = await record(upstream.url, { rewriteBodies: true });
  const answer = await get(recorder.port);
  expect(contentOf(answer).toString()).toBe(`http://127.0.0.1:${recorder.port}`);
  expect(answer).toMatch(/\r\n0\r\nX-Sum: 1\r\n\r\n$/);
});

test.each([
  ['is not what its coding says', () => Buffer.from('{"plain":true}')],
  ['ends early', () => gzipSync('text '.repeat(1000)).subarray(0, 30)],
])('an answer that %s is cut, and its row says why', async (_what, content) => {
  const fields = `${JSON_TYPE}Content-Encoding: gzip\r\n`;
  const { recorder } = await answered(ok(fields), content);
  const client = await dial(recorder.port);
  await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').rest();
  expect(client.text).not.toMatch(/\r\n0\r\n\r\n$/);
  const { outcome, error, response } = await recorder.row();
  expect([outcome, error?.type]).toEqual(['truncated', 'REWRITE_FAILED']);
  expect(error?.message).toContain('--rewrite-bodies');
  expect(Buffer.from(response?.body.bytes ?? [])).toEqual(content());
});

test('what follows the end of the coded data is dropped', async () => {
  const fields = `${JSON_TYPE}Content-Encoding: deflate\r\n`;
  const { recorder, own } = await answered(ok(fields), (url) =>
    Buffer.concat([deflateSync(url), Buffer.from('more'), Buffer.alloc(200_000)]),
  );
  expect(inflateSync(contentOf(await get(recorder.port))).toString()).toBe(own);
  expect((await recorder.row()).outcome).toBe('complete');
});

test('a client may leave a body that has grown much larger', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'));
  const fields = `${JSON_TYPE}Content-Encoding: gzip\r\n`;
  const { recorder } = await answered(ok(fields), () => bomb);
  const client = await dial(recorder.port);
  await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until(/\r\n\r\n/);
  client.socket.destroy();
  expect((await recorder.row()).outcome).toBe('aborted');
});

test('a client that leaves ends the upstream request', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('some');
    response.once('close', () => server.emit('gone'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const recorder = await record(`http://127.0.0.1:${port}`, { rewriteBodies: true });
  const gone = once(server, 'gone');
  const client = await dial(recorder.port);
  await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until(/some/);
  client.socket.destroy();
  await gone;
  expect((await recorder.row()).outcome).toBe('aborted');
});
