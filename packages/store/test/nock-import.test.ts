import { createServer } from 'node:http';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { importCalls, toLines } from '@calltape/store';
import nock from 'nock';
import { describe, expect, onTestFinished, test } from 'vitest';

function draftsOf(definitions: unknown, now = 0) {
  const { format, drafts } = importCalls(JSON.stringify(definitions), 'nock.json', now);
  expect(format).toBe('nock');
  return drafts;
}

const LEAST = { scope: 'https://api.example.com:443', method: 'GET', path: '/a?b=1' };

test('the least that a definition can have is enough; order is kept', () => {
  const [one, two] = draftsOf([LEAST, { ...LEAST, method: 'post', status: 404 }], 1000);
  expect(one).toMatchObject({
    method: 'GET',
    url: 'https://api.example.com/a?b=1',
    startedAt: 1000,
    outcome: 'complete',
    response: { status: 200, headers: [], body: { size: 0 } },
  });
  expect(two).toMatchObject({ method: 'POST', startedAt: 1001, response: { status: 404 } });
});

test.each([
  [
    'JSON',
    { response: { a: 1 }, rawHeaders: ['X', '1'] },
    '{"a":1}',
    ['X', '1', 'Content-Type', 'application/json'],
  ],
  ['text', { response: 'hello' }, 'hello', []],
  ['hexadecimal', { response: '00ff', responseIsBinary: true }, Buffer.from([0, 255]), []],
  ['text like it', { response: '00ff' }, '00ff', []],
  [
    'encoded',
    { response: [gzipSync('x').toString('hex')], rawHeaders: { 'content-encoding': 'gzip' } },
    gzipSync('x'),
    ['content-encoding', 'gzip'],
  ],
  [
    'a list',
    { response: ['aa', 'bb'], rawHeaders: [['Content-Type', 'application/json']] },
    '["aa","bb"]',
    ['Content-Type', 'application/json'],
  ],
  [
    'fields of an object',
    { response: 'abc', rawHeaders: { 'set-cookie': ['a', 'b'], 'content-length': '9' } },
    'abc',
    ['set-cookie', 'a', 'set-cookie', 'b', 'content-length', '3'],
  ],
])('the answer: %s', (_, definition, content, headers) => {
  const [draft] = draftsOf([{ ...LEAST, ...definition }]);
  expect(Buffer.concat(draft?.response?.body.pieces ?? []).equals(Buffer.from(content))).toBe(true);
  expect(draft?.response?.headers).toEqual(headers);
});

test.each([
  [{ a: [1] }, {}, '{"a":[1]}'],
  ['a=1', {}, 'a=1'],
  ['00ff', { 'content-type': 'application/octet-stream' }, Buffer.from([0, 255])],
  ['00ff', { 'content-type': 'text/plain' }, '00ff'],
  ['', {}, ''],
])('the request body %j with %j', (body, reqheaders, content) => {
  const [draft] = draftsOf([{ ...LEAST, method: 'POST', body, reqheaders }]);
  expect(Buffer.concat(draft?.body.pieces ?? []).equals(Buffer.from(content))).toBe(true);
});

test("what nock's own recorder wrote of a real server comes in", async () => {
  const server = createServer((request, response) => {
    const isText = request.url === '/text';
    response.setHeader('Content-Type', isText ? 'text/plain' : 'application/json');
    if (isText) response.end('hello');
    else response.setHeader('Content-Encoding', 'gzip').end(gzipSync('{"a":1}'));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  nock.recorder.rec({ dont_print: true, output_objects: true, enable_reqheaders_recording: true });
  for (const path of ['/text', '/json']) {
    await (await fetch(`http://127.0.0.1:${address.port}${path}`)).text();
  }
  const recorded: unknown = nock.recorder.play();
  nock.restore();
  nock.recorder.clear();
  const drafts = draftsOf(recorded);
  expect(drafts.map(({ url }) => new URL(url).pathname)).toEqual(['/text', '/json']);
  const bodies = drafts.map(({ response }) => Buffer.concat(response?.body.pieces ?? []));
  expect(bodies[0]?.toString()).toBe('hello');
  expect(bodies[1]?.equals(gzipSync('{"a":1}'))).toBe(true);
  expect(toLines(drafts[0]?.headers ?? []).map(([name]) => name)).toContain('host');
});

describe('what is no definition', () => {
  test.each([
    [[1], '/0 is the number 1, not an object'],
    [[LEAST, { ...LEAST, scope: 'api' }], '/1/scope is not an origin. Write it like https://'],
    [[{ ...LEAST, path: undefined }], '/0/path is missing'],
    [[{ ...LEAST, path: 'a' }], '/0/path does not start with a slash'],
    [[{ ...LEAST, method: null }], '/0/method is missing'],
    [[{ ...LEAST, status: 100 }], '/0/status is no status of an answer'],
    [[{ ...LEAST, response: 'xyz', responseIsBinary: true }], '/0/response is not hexadecimal'],
  ])('%j', (definitions, message) => {
    expect(() => draftsOf(definitions)).toThrow(
      expect.objectContaining({
        code: 'NOCK_INVALID',
        message: expect.stringContaining(`nock JSON "nock.json": ${message}`),
      }),
    );
  });
});
