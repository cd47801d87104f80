import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What the upstream got for one request, head and content. */
async function seenUpstream(request: string, options = {}): Promise<string> {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url, options);
  const client = await dial(port);
  await client.send(request).until(/ok$/);
  return (await upstream.wire()).text.replaceAll(`127.0.0.1:${upstream.port}`, 'UPSTREAM');
}

/** What the client got for one answer. */
async function seenByClient(answer: string): Promise<string> {
  const upstream = await answering(answer);
  const { port } = await record(upstream.url);
  return await talk(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
}

test('a request keeps its field lines in order, letter case and number', async () => {
  const seen = await seenUpstream(
    'GET /x HTTP/1.1\r\nx-B: 1\r\nHOST: client\r\nX-a: 2\r\nx-B: 3\r\nAccept:  spaced  \r\n\r\n',
  );
  expect(seen).toBe(
    'GET /x HTTP/1.1\r\nx-B: 1\r\nHOST: UPSTREAM\r\nX-a: 2\r\nx-B: 3\r\nAccept: spaced\r\n\r\n',
  );
});

test('a response keeps its field lines in order, letter case and number, and gets none added', async () => {
  const seen = await seenByClient(
    'HTTP/1.1 200 Fine By Me\r\nset-Cookie: a=1\r\nX-B: 2\r\nSet-Cookie: b=2\r\ncontent-length: 2\r\n\r\nok',
  );
  expect(seen).toBe(
    'HTTP/1.1 200 Fine By Me\r\nset-Cookie: a=1\r\nX-B: 2\r\nSet-Cookie: b=2\r\ncontent-length: 2\r\nConnection: close\r\n\r\nok',
  );
});

test('hop-by-hop fields and those that Connection names go no further than the proxy', async () => {
  const seen = await seenUpstream(
    [
      'GET / HTTP/1.1',
      'X-Secret: named before',
      'Host: client',
      'Connection: keep-alive, X-Secret, x-later, Host, Content-Length',
      'Keep-Alive: timeout=9',
      'TE: trailers',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: Basic YTpi',
      'X-Later: named too',
      'X-Kept: yes',
      '\r\n',
    ].join('\r\n'),
  );
  expect(seen).toBe('GET / HTTP/1.1\r\nHost: UPSTREAM\r\nX-Kept: yes\r\n\r\n');
});

test('hop-by-hop fields of a response stay behind and are on the tape', async () => {
  const upstream = await answering(
    'HTTP/1.1 200 OK\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok',
  );
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const request = 'GET / HTTP/1.1\r\nHost: client\r\nConnection: x-mine\r\nX-Mine: 1\r\n\r\n';
  expect(await client.send(request).until(/ok$/)).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  );
  const { request: recorded, response } = await recorder.row();
  expect(recorded.headers).toEqual([
    ['Host', 'client'],
    ['Connection', 'x-mine'],
    ['X-Mine', '1'],
  ]);
  expect(response?.headers.map(([name]) => name)).toEqual([
    'Connection',
    'X-Hop',
    'Keep-Alive',
    'Upgrade',
    'Content-Length',
  ]);
});

test("with keepHost the client's Host goes on", async () => {
  const request = 'GET / HTTP/1.1\r\nHost: my.client:99\r\n\r\n';
  expect(await seenUpstream(request, { keepHost: true })).toBe(request);
});

test('an HTTP/1.0 request without Host gets the one of the upstream', async () => {
  const seen = await seenUpstream('GET / HTTP/1.0\r\nX-A: 1\r\n\r\n');
  expect(seen).toBe('GET / HTTP/1.1\r\nHost: UPSTREAM\r\nX-A: 1\r\n\r\n');
});

test.each([
  ['a plain request', 'GET / HTTP/1.1\r\nHost: a\r\nX-Name: caf\xe9 \xc3\xa9\r\n\r\n'],
  [
    'a request with content',
    'POST / HTTP/1.1\r\nHost: a\r\nX-Name: caf\xe9\r\nContent-Length: 1\r\n\r\nz',
  ],
  [
    'a request with Expect',
    'POST / HTTP/1.1\r\nHost: a\r\nX-Name: caf\xe9\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nz',
  ],
  [
    'a Content-Disposition behind a length',
    'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Disposition: x="\xc3\xa9\xe9"\r\n\r\nz',
  ],
])('bytes above ASCII in %s stay as they are', async (_what, request) => {
  const seen = await seenUpstream(request);
  const value = /(?:X-Name|Content-Disposition): ([^\r]*)/;
  expect(value.exec(seen)?.[1]).toBe(value.exec(request)?.[1]);
});

test('bytes above ASCII in a response stay as they are, also in its reason', async () => {
  const seen = await seenByClient(
    'HTTP/1.1 200 Voil\xe0\r\nX-Name: caf\xe9 \xc3\xa9\r\nContent-Length: 2\r\nContent-Disposition: attachment; filename="\xc3\xa9\xe9.txt"\r\n\r\nok',
  );
  expect(seen).toContain('HTTP/1.1 200 Voil\xe0\r\n');
  expect(seen).toContain('\r\nX-Name: caf\xe9 \xc3\xa9\r\n');
  expect(seen).toContain('\r\nContent-Disposition: attachment; filename="\xc3\xa9\xe9.txt"\r\n');
  expect(seen).toContain('\r\nContent-Length: 2\r\n');
});

test('a reason phrase with control bytes is cleaned, an empty one stays empty', async () => {
  expect(await seenByClient('HTTP/1.1 200 a\x01b\r\nContent-Length: 0\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 200 ab\r\n/,
  );
  expect(await seenByClient('HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 200 \r\n/,
  );
});

test('1,500 field lines and 200 KB of head pass in both directions', async () => {
  const lines = Array.from({ length: 1500 }, (_, n) => `X-${n}: ${'v'.repeat(125)}\r\n`).join('');
  const upstream = await answering(`HTTP/1.1 200 OK\r\n${lines}Content-Length: 2\r\n\r\nok`);
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const answer = await client.send(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`).until(/ok$/);
  expect(answer).toContain(lines);
  expect((await upstream.wire()).text).toContain(lines);
  const { request, response } = await recorder.row();
  expect(request.headers).toHaveLength(1501);
  expect(response?.headers).toHaveLength(1501);
});
