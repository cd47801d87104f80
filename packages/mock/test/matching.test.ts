import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Mock } from '@calltape/mock';
import { got } from './got.ts';
import { mockOf } from './mock.ts';
import { makeTape, tempDir } from './tape.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

it('takes method, path and query, the query in any order', async () => {
  const mock = await mockOf([
    { url: '/a?x=1&y=2&x=3', answer: 'query' },
    { url: '/a', answer: 'plain' },
    { method: 'DELETE', url: '/a', answer: 'gone' },
  ]);
  expect(await got(mock, 'GET', '/a?x=1&y=2&x=3')).toBe('query');
  expect(await got(mock, 'GET', '/a?y=2&x=1&x=3')).toBe('query');
  expect(await got(mock, 'GET', '/a?y=2&x=1&x=3&oauth_nonce=abc')).toBe('query');
  expect(await got(mock, 'GET', '/a?x=3&y=2&x=1')).toBe('no match');
  expect(await got(mock, 'GET', '/a?x=1')).toBe('no match');
  expect(await got(mock, 'GET', '/a')).toBe('plain');
  expect(await got(mock, 'GET', '/a?')).toBe('plain');
  expect(await got(mock, 'DELETE', '/a')).toBe('gone');
  expect(await got(mock, 'GET', '/A')).toBe('no match');
  expect(await got(mock, 'GET', '/a/')).toBe('no match');
});

it('takes the path as it is written', async () => {
  const mock = await mockOf([{ url: '/a//b/../%7Ec', answer: 'x' }]);
  expect(await got(mock, 'GET', '/a//b/../%7Ec')).toBe('x');
  expect(await got(mock, 'GET', '/a/%7Ec')).toBe('no match');
});

it('leaves headers out', async () => {
  const mock = await mockOf([
    { headers: ['Accept', 'text/html', 'Authorization', 'x'], answer: 'x' },
  ]);
  expect(await got(mock, 'GET', '/', undefined, { accept: 'application/json' })).toBe('x');
});

it('leaves the type of no content out', async () => {
  const mock = await mockOf([{ headers: Object.entries(FORM_TYPE).flat(), answer: 'x' }]);
  expect(await got(mock, 'GET', '/')).toBe('x');
  expect(await got(mock, 'GET', '/', undefined, JSON_TYPE)).toBe('x');
});

it('compares JSON by value, numbers by their text', async () => {
  const mock = await mockOf([
    { method: 'POST', body: '{"id":12345678901234567890,"price":1.10}', answer: 'exact' },
    { method: 'POST', body: '{"id":12345678901234567891,"price":1.10}', answer: 'neighbour' },
    { method: 'POST', body: '{"a":[1,{"b":null}],"c":"d"}', answer: 'nested' },
  ]);
  expect(await got(mock, 'POST', '/', '{"price": 1.10, "id": 12345678901234567890}')).toBe('exact');
  expect(await got(mock, 'POST', '/', '{"price":1.10,"id":12345678901234567891}')).toBe(
    'neighbour',
  );
  expect(await got(mock, 'POST', '/', '{"price":1.1,"id":12345678901234567890}')).toBe('no match');
  expect(await got(mock, 'POST', '/', '{"c":"d","a":[1,{"b":null}]}', JSON_TYPE)).toBe('nested');
  expect(await got(mock, 'POST', '/', '{"c":"d","a":[{"b":null},1]}')).toBe('no match');
  expect(await got(mock, 'POST', '/', '{"c":"d","a":[1,{}]}')).toBe('no match');
  expect(await got(mock, 'POST', '/', '')).toBe('no match');
});

it('compares a form as a set', async () => {
  const mock = await mockOf([
    {
      method: 'POST',
      headers: ['Content-Type', 'application/x-www-form-urlencoded'],
      body: 'amount=100&currency=usd&item=a&item=b',
      answer: 'form',
    },
  ]);
  const post = (body: string) => got(mock, 'POST', '/', body, FORM_TYPE);
  expect(await post('currency=usd&item=a&amount=100&item=b')).toBe('form');
  expect(await post('currency=usd&item=b&amount=100&item=a')).toBe('no match');
  expect(await post('currency=usd&item=a&amount=100')).toBe('no match');
});

it('compares multipart bodies whatever their boundaries', async () => {
  const part = 'Content-Disposition: form-data; name="file"\r\n\r\nbytes';
  const mock = await mockOf([
    {
      method: 'POST',
      headers: ['Content-Type', 'multipart/form-data; boundary=one'],
      body: `--one\r\n${part}\r\n--one--\r\n`,
      answer: 'upload',
    },
  ]);
  const post = (boundary: string, content: string) =>
    got(mock, 'POST', '/', `--${boundary}\r\n${content}\r\n--${boundary}--\r\n`, {
      'content-type': `multipart/form-data; boundary="${boundary}"`,
    });
  expect(await post('another one', part)).toBe('upload');
  expect(await post('one', `${part}!`)).toBe('no match');
});

it('compares everything else byte by byte', async () => {
  const mock = await mockOf([{ method: 'PUT', body: Buffer.from([0, 1, 254]), answer: 'bytes' }]);
  expect(await got(mock, 'PUT', '/', Buffer.from([0, 1, 254]))).toBe('bytes');
  expect(await got(mock, 'PUT', '/', Buffer.from([0, 1, 255]))).toBe('no match');
});

it('decodes request bodies before it compares them', async () => {
  const mock = await mockOf([
    {
      method: 'POST',
      headers: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'],
      body: gzipSync('{"a":1,"b":2}'),
      answer: 'same',
    },
  ]);
  expect(await got(mock, 'POST', '/', '{"b":2,"a":1}', JSON_TYPE)).toBe('same');
  const deflated = gzipSync('{"b":2,"a":1}', { level: 1 });
  const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  expect(await got(mock, 'POST', '/', deflated, headers)).toBe('same');
  expect(await got(mock, 'POST', '/', gzipSync('{"b":2}'), headers)).toBe('no match');
});

it('takes a body that the tape holds in part by its length and beginning', async () => {
  const mock = await mockOf([
    { method: 'POST', body: 'begin', bodySize: 10, answer: 'cut' },
    { method: 'POST', body: 'other', bodySize: 10, answer: 'other' },
  ]);
  expect(await got(mock, 'POST', '/', 'begin67890')).toBe('cut');
  expect(await got(mock, 'POST', '/', 'other67890')).toBe('other');
  expect(await got(mock, 'POST', '/', 'begin6789')).toBe('no match');
});

it('prefers recordings of the host that was asked for', async () => {
  const mock = await mockOf([
    { url: 'https://a.example.com/', answer: 'a' },
    { url: 'https://b.example.com:8443/', answer: 'b' },
    { url: 'https://b.example.com:8443/only', answer: 'only b' },
  ]);
  const asked = (path: string, host: string) => got(mock, 'GET', path, undefined, { host });
  expect(await asked('/', 'B.example.com:8443')).toBe('b');
  expect(await asked('/', 'a.example.com:443')).toBe('a');
  expect(await asked('/', 'c.example.com')).toBe('a');
  expect(await asked('/only', 'a.example.com')).toBe('only b');
  expect(await got(mock, 'GET', '/')).toBe('a');
});

it('looks in the other hosts when the body is not among those of the asked one', async () => {
  const mock = await mockOf([
    { method: 'POST', url: 'https://a.example.com/', body: '{"n":1}', answer: 'a' },
    { method: 'POST', url: 'https://b.example.com/', body: '{"n":2}', answer: 'b' },
  ]);
  expect(await got(mock, 'POST', '/', '{"n":2}', { host: 'a.example.com' })).toBe('b');
});

it('plays no more than the real thing', async () => {
  const mock = await mockOf([
    { url: '/pending', outcome: 'pending' },
    { url: '/interrupted', outcome: 'interrupted' },
    { url: '/left', outcome: 'aborted', noAnswer: true, errorType: 'CLIENT_LEFT' },
    { url: '/malformed', outcome: 'error', noAnswer: true, errorType: 'REQUEST_MALFORMED' },
    { url: '/faulted', answer: 'x', fault: 'GET /faulted truncate=50%' },
    { url: '/upgrade', response: { status: 101 } },
    { url: '/unrouted', outcome: 'error', errorType: 'ROUTE_UNKNOWN', noAnswer: true },
    { url: '/nowhere', outcome: 'error', errorType: 'FORWARD_TARGET_REFUSED', noAnswer: true },
    { method: 'CONNECT', url: 'https://api.example.com:443' },
    { url: '/good', answer: 'good' },
  ]);
  expect(mock.recordings).toBe(1);
  expect(await got(mock, 'GET', '/good')).toBe('good');
  expect(await got(mock, 'GET', '/faulted')).toBe('no match');
});

it('plays several tapes, of the same request the latest run', async () => {
  const tapes = [
    await makeTape([{ answer: '3', startedAt: 2_000 }], 'har'),
    await makeTape([
      { answer: '1', startedAt: 1_000 },
      { url: '/one', answer: 'one', startedAt: 1_001 },
      { answer: '2', startedAt: 1_002 },
    ]),
    await makeTape([{ answer: 'served', startedAt: 3_000 }], 'mock'),
  ];
  const mock = await mockOf([], { tapes });
  expect([await got(mock, 'GET', '/'), await got(mock, 'GET', '/')]).toEqual(['3', '3']);
  expect(await got(mock, 'GET', '/one')).toBe('one');
  expect(mock.recordings).toBe(4);
  const older = await mockOf([], { tapes: tapes.slice(1) });
  const inOrder = [await got(older, 'GET', '/'), await got(older, 'GET', '/')];
  expect([...inOrder, await got(older, 'GET', '/')]).toEqual(['1', '2', '2']);
});

it('tells runs of the same name apart', async () => {
  const directory = await tempDir();
  const before = Date.now();
  await makeTape([{ answer: '1' }], 'proxy', directory);
  // The next run begins in a later millisecond.
  await expect.poll(() => Date.now()).toBeGreaterThan(before + 50);
  const mock = await mockOf(await makeTape([{ answer: '2' }, { answer: '3' }], 'proxy', directory));
  const inOrder = [await got(mock, 'GET', '/'), await got(mock, 'GET', '/')];
  expect([...inOrder, await got(mock, 'GET', '/')]).toEqual(['2', '3', '3']);
});

async function through(mock: Mock, url: string): Promise<string> {
  return got(mock, 'GET', url, undefined, { host: new URL(url).host });
}

it('answers for a host only with what came from it where the client means that host', async () => {
  const calls = [{ url: 'http://a.example.com/', answer: 'a' }];
  const mock = await mockOf(calls);
  expect(await through(mock, 'http://a.example.com/')).toBe('a');
  expect(await through(mock, 'http://b.example.com/')).toBe('no match');
  const any = await mockOf(calls, { match: ['-host'] });
  expect(await through(any, 'http://b.example.com/')).toBe('a');
});

it.each([
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=C%2F%&X-Amz-Date=20260101T00000%Z&X-Amz-Expires=30%&X-Amz-SignedHeaders=host%3Bx%&X-Amz-Signature=abc%',
  'oauth_nonce=%&oauth_signature=a%&oauth_timestamp=%',
  'client_assertion=eyJhbGciOiJub25lIn0.e3%.c2ln&idempotency_key=k%',
])('leaves signatures and keys of their own out of queries and forms: %s', async (template) => {
  const [was, is] = ['1', '2'].map((n) => template.replaceAll('%', n));
  const mock = await mockOf([
    { url: `/q?a=1&${was}`, answer: 'query' },
    {
      method: 'POST',
      headers: Object.entries(FORM_TYPE).flat(),
      body: `a=1&${was}`,
      answer: 'form',
    },
  ]);
  expect(await got(mock, 'GET', `/q?${is}&a=1`)).toBe('query');
  expect(await got(mock, 'GET', '/q?a=1')).toBe('query');
  expect(await got(mock, 'GET', `/q?a=2&${is}`)).toBe('no match');
  expect(await got(mock, 'POST', '/', `${is}&a=1`, FORM_TYPE)).toBe('form');
  expect(await got(mock, 'POST', '/', `${is}&a=2`, FORM_TYPE)).toBe('no match');
});

it('leaves signed assertions and idempotency keys out of JSON', async () => {
  const mock = await mockOf([
    { method: 'POST', body: '{"idempotency_key":"a","a":1}', answer: 'key' },
    { method: 'POST', body: '{"assertion":"aa.bb.cc","a":2}', answer: 'signed' },
  ]);
  expect(await got(mock, 'POST', '/', '{"a":1,"idempotency_key":"b"}')).toBe('key');
  expect(await got(mock, 'POST', '/', '{"a":2,"assertion":"dd.ee.ff"}')).toBe('signed');
  expect(await got(mock, 'POST', '/', '{"a":3,"assertion":"dd.ee.ff"}')).toBe('no match');
});
