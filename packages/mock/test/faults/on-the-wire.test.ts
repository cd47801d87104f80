import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Mock } from '@calltape/mock';
import { send } from '../http.ts';
import { mockOf } from '../mock.ts';
import { closing, exchangeRaw } from '../raw.ts';
import { makeTape } from '../tape.ts';

const directory = await mkdtemp(join(tmpdir(), 'calltape-mock-'));
const CALLS = await makeTape(
  [
    { url: '/fixed', answer: '0123456789'.repeat(10) },
    {
      url: '/chunked',
      answer: '0123456789'.repeat(10),
      answerHeaders: ['Transfer-Encoding', 'chunked'],
      response: { chunks: [1, 40, 2, 60] },
    },
    { url: '/close', answer: '0123456789'.repeat(10), answerHeaders: ['X-A', '1'] },
    { url: '/slow', answer: 'slow', ttfbMs: 60, durationMs: 60 },
  ],
  'proxy',
  directory,
);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return error.name;
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : error.message;
}

/** What a program that calls `fetch` sees: `200 100 bytes`, `ECONNRESET`, `200 then ...`. */
async function viaFetch(mock: Mock, path: string): Promise<string> {
  try {
    const response = await fetch(mock.url + path, { signal: AbortSignal.timeout(400) });
    try {
      return `${response.status} ${(await response.text()).length} bytes`;
    } catch (error) {
      return `${response.status} then ${codeOf(error)}`;
    }
  } catch (error) {
    return codeOf(error);
  }
}

/** What a program that uses `node:http` sees, in the same words. */
async function viaHttp(mock: Mock, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = { signal: AbortSignal.timeout(400), agent: false };
  let head = '';
  const request = get(mock.url + path, options, (response) => {
    let length = 0;
    head = `${response.statusCode} then `;
    response.on('data', (piece: Buffer) => {
      length += piece.length;
    });
    response.on('error', (error) => resolve(head + codeOf(error)));
    response.on('end', () => resolve(`${response.statusCode} ${length} bytes`));
  });
  request.on('error', (error) => resolve(head + codeOf(error)));
  return await promise;
}

const SEEN: readonly [rule: string, path: string, fetch: string, http: string][] = [
  ['reset', '/fixed', 'ECONNRESET', 'ECONNRESET'],
  ['reset at=headers', '/fixed', '200 then ECONNRESET', '200 then ECONNRESET'],
  ['reset at=bytes:50', '/fixed', '200 then ECONNRESET', '200 then ECONNRESET'],
  ['reset at=bytes:100', '/fixed', '200 100 bytes', '200 100 bytes'],
  ['reset at=chunk:1', '/chunked', '200 then ECONNRESET', '200 then ECONNRESET'],
  ['reset at=chunk:2', '/chunked', '200 then ECONNRESET', '200 then ECONNRESET'],
  // fetch takes the end of the connection for the end of such a body, however it comes.
  ['reset at=bytes:50', '/close', '200 50 bytes', '200 then ECONNRESET'],
  ['truncate=50%', '/fixed', '200 then UND_ERR_SOCKET', '200 then ECONNRESET'],
  ['truncate=0', '/fixed', '200 then UND_ERR_SOCKET', '200 then ECONNRESET'],
  ['truncate=50%', '/chunked', '200 then UND_ERR_SOCKET', '200 then ECONNRESET'],
  ['truncate=50%', '/close', '200 then UND_ERR_SOCKET', '200 then ECONNRESET'],
  ['truncate=100', '/fixed', '200 100 bytes', '200 100 bytes'],
  ['timeout', '/fixed', 'TimeoutError', 'TimeoutError'],
];

describe('what clients see', () => {
  it.each(SEEN)('%s on %s: fetch %s, node:http %s', async (rule, path, fetched, requested) => {
    const mock = await mockOf(CALLS, { faults: [`GET ${path} ${rule}`] });
    const [seenByFetch, seenByHttp] = [await viaFetch(mock, path), await viaHttp(mock, path)];
    expect(seenByFetch).toBe(fetched);
    expect(seenByHttp).toBe(requested);
  });
});

it('resets with RST, truncates with FIN', async () => {
  const mock = await mockOf(CALLS, {
    faults: ['GET /fixed reset', 'GET /chunked reset at=chunk:1', 'GET /close truncate=5'],
  });
  const plain = (path: string) => exchangeRaw(mock, `GET ${path} HTTP/1.1\r\nHost: m\r\n\r\n`);
  expect(await plain('/fixed')).toEqual({ text: '', ending: 'ECONNRESET' });
  const midway = await plain('/chunked');
  expect(midway.ending).toBe('ECONNRESET');
  expect(midway.text).toMatch(/\r\n\r\n28\r\n(?:0123456789){4}\r\n$/);
  expect(await plain('/close')).toEqual({
    text: 'HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 100\r\n\r\n01234',
    ending: 'FIN',
  });
});

it('answers with status, retry-after and the rule', async () => {
  const rule = 'GET /fixed status=429 retry-after=1';
  const mock = await mockOf(CALLS, { faults: [rule] });
  const { status, statusText, headers, body } = await send(mock, '/fixed');
  expect([status, statusText]).toEqual([429, 'Too Many Requests']);
  expect(headers).toMatchObject({ 'retry-after': '1', 'x-calltape-fault': rule });
  expect(JSON.parse(body.toString())).toMatchObject({ error: { code: 'FAULT', rule } });
});

it('delays the first byte', async () => {
  const mock = await mockOf(CALLS, { faults: ['* /** latency=120ms'] });
  const started = performance.now();
  await send(mock, '/fixed');
  expect(performance.now() - started).toBeGreaterThanOrEqual(115);
});

it('gives a client that tries again what it would have got without the fault', async () => {
  const calls = ['1', '2', '3'].map((answer) => ({ url: '/poll', answer }));
  const faults = [
    'GET /poll status=503 first=1',
    'GET /poll reset after=1 times=1',
    'GET /poll truncate=0 after=2 times=1',
    'GET /poll latency=1ms',
  ];
  const mock = await mockOf(calls, { faults });
  const seen: string[] = [];
  for (let n = 0; n < 6; n += 1) seen.push(await viaFetch(mock, '/poll'));
  expect(seen.slice(1, 3)).toEqual(['ECONNRESET', '200 then UND_ERR_SOCKET']);
  expect(mock.summary()).toMatchObject({ answered: 6, missed: 0, faulted: 6, unused: [] });
  expect((await send(mock, '/poll')).body.toString()).toBe('3');
  const again = await mockOf(calls, { faults: ['GET /poll status=503 first=2'] });
  const bodies: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { status, body } = await send(again, '/poll');
    bodies.push(status === 200 ? body.toString() : String(status));
  }
  expect(bodies).toEqual(['503', '503', '1', '2', '3']);
});

it('counts each endpoint by itself, ids in paths aside', async () => {
  const mock = await mockOf(
    [
      { url: '/v1/customers/cus_9s6XKzkNRiz8i3', answer: 'a' },
      { url: '/v1/customers/cus_9s6XKzkNRiz8i4', answer: 'b' },
      { url: '/v1/plans', answer: 'c' },
    ],
    { faults: ['GET /v1/** status=500 first=1'] },
  );
  const statuses: number[] = [];
  for (const path of ['/v1/plans', '/v1/customers/cus_9s6XKzkNRiz8i3']) {
    statuses.push((await send(mock, path)).status, (await send(mock, path)).status);
  }
  statuses.push((await send(mock, '/v1/customers/cus_9s6XKzkNRiz8i4')).status);
  expect(statuses).toEqual([500, 200, 500, 200, 200]);
});

it('takes rules for a host by the recorded host', async () => {
  const mock = await mockOf(
    [
      { url: 'https://a.example.com/', answer: 'a' },
      { url: 'https://b.example.com/', answer: 'b' },
    ],
    { faults: ['GET b.example.com/ status=500'] },
  );
  expect((await send(mock, '/', { headers: { host: 'b.example.com' } })).status).toBe(500);
  expect((await send(mock, '/')).status).toBe(200);
});

it('alters misses too, as a rule speaks of a path and not of a recording', async () => {
  const mock = await mockOf(CALLS, { faults: ['POST /fixed status=503 first=1'] });
  expect((await send(mock, '/fixed', { method: 'POST' })).status).toBe(503);
  expect((await send(mock, '/fixed', { method: 'POST' })).status).toBe(404);
  expect(mock.summary()).toMatchObject({ answered: 0, missed: 2, faulted: 1 });
});

async function statusesWith(seed: number): Promise<string> {
  const mock = await mockOf(CALLS, { faults: ['GET /** status=503 p=0.5'], seed });
  expect(mock.seed).toBe(seed);
  const statuses: number[] = [];
  for (let n = 0; n < 24; n += 1) statuses.push((await send(mock, '/fixed')).status);
  return statuses.join(' ');
}

it('repeats a run with the same seed', async () => {
  const one = await statusesWith(7);
  const same = await statusesWith(7);
  const other = await statusesWith(8);
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

it('draws a seed where none is given, and says which', async () => {
  const [one, other] = [await mockOf(CALLS), await mockOf(CALLS)];
  expect(Number.isSafeInteger(one.seed)).toBe(true);
  expect(one.seed).not.toBe(other.seed);
});

it('does not let a fault on a pipelined request touch the answers before it', async () => {
  const mock = await mockOf(CALLS, {
    faults: ['GET /fixed reset'],
    latency: { kind: 'recorded', factor: 1 },
  });
  const { text, ending } = await exchangeRaw(
    mock,
    `GET /slow HTTP/1.1\r\nHost: m\r\n\r\n${closing('GET /fixed')}`,
  );
  expect(text).toBe('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow');
  expect(ending).toBe('ECONNRESET');
});
