import { gzipSync } from 'node:zlib';
import { playWithNock } from '@calltape/mock/nock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mockOf } from '../mock.ts';
import { makeTape } from '../tape.ts';
import type { Told } from '../tape.ts';
import { CLIENTS } from './clients.ts';
import type { Asked, Client, Seen } from './clients.ts';

const ORIGIN = 'http://api.example.com';
const HOST = { host: 'api.example.com' };
const LONG = 'x'.repeat(100_000);

/** Fields of the connection, which nock has none of. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'date']);

function withoutConnection({ headers, ...seen }: Seen): Seen {
  const kept = headers.filter((_, at) => {
    return !OF_THE_CONNECTION.has(headers[at - (at % 2)]?.toLowerCase() ?? '');
  });
  return { ...seen, headers: kept };
}

interface Question extends Asked {
  readonly path: string;
}

/** What a client sees of the same tape through the server and through nock, call by call. */
async function bothWays(
  client: Client,
  calls: readonly Told[],
  questions: readonly Question[],
  faults: readonly string[] = [],
): Promise<{ server: Seen[]; nock: Seen[] }> {
  const tape = await makeTape(
    calls.map((told) => ({ ...told, url: ORIGIN + (told.url ?? '/') })),
    'proxy',
  );
  const mock = await mockOf(tape, { faults });
  const server: Seen[] = [];
  for (const { path, ...asked } of questions) {
    const headers = { ...HOST, ...asked.headers };
    server.push(withoutConnection(await client(mock.url + path, { ...asked, headers })));
  }
  const play = playWithNock(tape, { faults });
  onTestFinished(() => play.restore());
  const nock: Seen[] = [];
  for (const { path, ...asked } of questions) {
    nock.push(withoutConnection(await client(ORIGIN + path, asked)));
  }
  expect(play.summary()).toMatchObject({
    answered: mock.summary().answered,
    missed: mock.summary().missed,
    faulted: mock.summary().faulted,
    unused: mock.summary().unused,
  });
  return { server, nock };
}

const TAPE: readonly Told[] = [
  {
    url: '/v1/things?b=2&a=1',
    answerHeaders: [
      'X-Order',
      '1',
      'set-cookie',
      'a=1',
      'x-order',
      '2',
      'Content-LENGTH',
      '5',
      'Set-Cookie',
      'b=2',
      'x-latin',
      'caf\u00e9',
      'Content-Type',
      'application/json',
    ],
    answer: Buffer.from([0, 255, 13, 10, 128]),
  },
  { url: '/head', method: 'HEAD', answerHeaders: ['Content-Length', '26', 'ETag', '"1"'] },
  { url: '/none', method: 'DELETE', response: { status: 204 }, answerHeaders: ['X-A', '1'] },
  {
    url: '/same',
    response: { status: 304 },
    answerHeaders: ['ETag', '"1"', 'Content-Length', '9'],
  },
  { url: '/odd', response: { status: 599 }, answer: 'odd' },
  { url: '/long', answer: LONG },
  {
    url: '/zipped',
    answer: gzipSync('{"id":12345678901234567890,"amount":1.10}'),
    answerHeaders: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'],
  },
  {
    url: '/pieces',
    answerHeaders: ['Transfer-Encoding', 'chunked', 'Content-Type', 'text/plain'],
    answer: 'onetwothree',
    response: {
      chunks: [0, 3, 1, 3, 2, 5],
    },
  },
  { url: '/text', answer: '"null"', answerHeaders: ['Content-Type', 'text/plain'] },
  { url: '/v1/charges', method: 'POST', body: '{"amount":1,"x":{"a":2}}', answer: 'one' },
  { url: '/v1/charges', method: 'POST', body: '{"amount":2}', answer: 'two' },
  { url: '/v1/charges', method: 'POST', body: '{"amount":1,"x":{"a":2}}', answer: 'three' },
  {
    url: '/form',
    method: 'POST',
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
    body: 'a=1&b=%20',
    answer: 'form',
  },
  { url: '/bytes', method: 'PUT', body: Buffer.from([200, 0, 1]), answer: 'bytes' },
];

const JSON_TYPE = { 'content-type': 'application/json' };

const QUESTIONS: readonly Question[] = [
  { path: '/v1/things?a=1&b=2' },
  { path: '/head', method: 'HEAD' },
  { path: '/none', method: 'DELETE' },
  { path: '/same' },
  { path: '/odd' },
  { path: '/long' },
  { path: '/zipped' },
  { path: '/pieces' },
  { path: '/text' },
  { path: '/v1/charges', method: 'POST', headers: JSON_TYPE, body: '{"x":{"a":2},"amount":1}' },
  { path: '/v1/charges', method: 'POST', headers: JSON_TYPE, body: '{"amount": 2}' },
  { path: '/v1/charges', method: 'POST', headers: JSON_TYPE, body: '{"x":{"a":2},"amount":1}' },
  { path: '/v1/charges', method: 'POST', headers: JSON_TYPE, body: '{"x":{"a":2},"amount":1}' },
  {
    path: '/v1/charges',
    method: 'POST',
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    body: gzipSync('{"amount":2}'),
  },
  {
    path: '/form',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'b=+&a=1',
  },
  { path: '/bytes', method: 'PUT', body: new Uint8Array([200, 0, 1]) },
  { path: '/v1/things?a=1' },
  { path: '/v1/charges', method: 'POST', headers: JSON_TYPE, body: '{"amount":3}' },
  { path: '/nowhere', method: 'PATCH', body: 'x' },
];

const STATUSES = [
  200, 200, 204, 304, 599, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404, 404,
];

describe.each(Object.entries(CLIENTS))('with %s', (name, client) => {
  it('answers through nock as through the server, misses explained', async () => {
    const { server, nock } = await bothWays(client, TAPE, QUESTIONS);
    expect(nock).toEqual(server);
    expect(nock.map(({ status }) => status)).toEqual(STATUSES);
    expect(nock.slice(9, 13).map(({ body }) => body)).toEqual(['one', 'two', 'three', 'three']);
    expect(nock.at(-3)?.body).toContain('"nearest"');
    expect(nock.at(-1)?.headers).toContain('x-calltape-no-match');
  });

  it.each([
    ['GET /a status=503 retry-after=1 first=2', [503, 503, 200]],
    ['GET /a status=500 every=2', [200, 500, 200]],
    ['GET /a reset first=1', [0, 200, 200]],
    ['GET /a truncate=50% first=1', [200, 200, 200]],
    ['GET /a latency=30ms', [200, 200, 200]],
    ['GET /a unauthorized first=1', [401, 200, 200]],
    ['GET /a rate-limit=2/h', [200, 200, 429]],
    ['GET /a drop-field=/id every=2', [200, 200, 200]],
    ['GET /a bandwidth=1kb/s first=1', [200, 200, 200]],
    ['GET /a slow-close=30ms', [200, 200, 200]],
  ])('shows %s as the server does', async (rule, statuses) => {
    const ask = { path: '/a' };
    const calls = ['{"id":1}', '{"id":2}'].map((answer) => {
      return { url: '/a', answer, answerHeaders: ['Content-Type', 'application/json'] };
    });
    const { server, nock } = await bothWays(client, calls, [ask, ask, ask], [rule]);
    expect(nock).toEqual(server);
    expect(nock.map(({ status }) => status)).toEqual(statuses);
    if (rule.includes('truncate')) {
      expect(nock[0]?.failed).toBe(name === 'fetch' ? 'UND_ERR_SOCKET' : 'ECONNRESET');
    }
  });

  it('gives recorded failures as failures', async () => {
    const calls: readonly Told[] = [
      { url: '/down', noAnswer: true, outcome: 'error', errorType: 'ECONNREFUSED' },
      { url: '/cut', answer: 'half', answerHeaders: ['Content-Length', '9'], outcome: 'truncated' },
    ];
    const { server, nock } = await bothWays(client, calls, [{ path: '/down' }, { path: '/cut' }]);
    expect(nock).toEqual(server);
    expect(nock.map(({ failed }) => failed)).not.toContain(null);
  });
});
