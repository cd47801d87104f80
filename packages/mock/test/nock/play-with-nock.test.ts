import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'node:http';
import nock from 'nock';
import { playWithNock } from '@calltape/mock/nock';
import type { NockOptions, NockPlay } from '@calltape/mock/nock';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { makeTape, tempDir } from '../tape.ts';
import type { Told } from '../tape.ts';
import { CLIENTS } from './clients.ts';

const ORIGIN = 'https://api.example.com';

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

async function playing(calls: readonly Told[], options: NockOptions = {}): Promise<NockPlay> {
  const play = playWithNock(await makeTape(calls), options);
  onTestFinished(() => play.restore());
  return play;
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

it('says what was asked, and what was not', async () => {
  const play = await playing([
    { method: 'POST', url: '/v1/charges', body: '{"amount":2000}', answer: '{}' },
    { url: '/v1/charges/1' },
  ]);
  const charge = { method: 'POST', body: '{"amount":2000}' };
  await fetch(`${ORIGIN}/v1/charges?`, { ...charge, headers: { 'Idempotency-Key': 'k' } });
  await fetch(`${ORIGIN}/v1/refunds`, charge);
  expect(play.called('POST /v1/charges')).toHaveLength(1);
  expect(play.called('* api.example.com/v1/**')).toHaveLength(2);
  expect(play.called('GET /v1/**')).toEqual([]);
  expect(play.called('POST /v1/charges')[0]).toMatchObject({
    json: { amount: 2000 },
    headers: { 'idempotency-key': 'k' },
    status: 200,
    recording: { id: 1 },
  });
  expect(play.unused().map(({ url }) => url)).toEqual([`${ORIGIN}/v1/charges/1`]);
  expect(() => play.expectAllUsed()).toThrow(/1 of 2 recordings.*\n {2}2 GET .*\/v1\/charges\/1/);
  expect(() => play.expectNoMiss()).toThrow(/1 call was not on the tape:\n .*POST \/v1\/refunds/);
  expect(() => play.called('charges')).toThrow(expect.objectContaining({ code: 'CALLS_INVALID' }));
});

it('plays several tapes at once, the newest first, and ends each for itself', async () => {
  const outer = await playing([
    { url: '/a', answer: 'outer' },
    { url: '/b', answer: 'outer' },
  ]);
  const inner = await playing([{ url: '/a', answer: 'inner' }]);
  expect(await textOf(`${ORIGIN}/a`)).toBe('inner');
  expect(await textOf(`${ORIGIN}/b`)).toBe('outer');
  inner.restore();
  inner.restore();
  expect(await textOf(`${ORIGIN}/a`)).toBe('outer');
  expect([outer.summary().answered, inner.summary().answered]).toEqual([2, 1]);
});

it('leaves nothing behind, and other interceptors as they are', async () => {
  const server = createServer((_, response) => response.end('real')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const real = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  nock('https://other.example').get('/mine').reply(200, 'mine');
  nock(ORIGIN).get('/mine').reply(200, 'mine too');
  const before = nock.activeMocks();
  const play = playWithNock(
    await makeTape([
      { url: `${real}/a`, answer: 'A' },
      { url: '/b', answer: 'B' },
    ]),
  );
  expect(await textOf(`${real}/a`)).toBe('A');
  expect(await textOf(`${ORIGIN}/b`)).toBe('B');
  expect(nock.pendingMocks()).toEqual(before);
  play.restore();
  expect(nock.activeMocks()).toEqual(before);
  expect(await textOf(`${real}/a`)).toBe('real');
  nock.disableNetConnect();
  await expect(fetch(`${real}/a`)).rejects.toMatchObject({ cause: { code: 'ENETUNREACH' } });
  expect(await textOf('https://other.example/mine')).toBe('mine');
  expect(await textOf(`${ORIGIN}/mine`)).toBe('mine too');
  expect(nock.isDone()).toBe(true);
});

it('asks interceptors that were there before it first', async () => {
  nock(ORIGIN).get('/a').reply(200, 'mine');
  await playing([{ url: '/a', answer: 'tape' }]);
  expect([await textOf(`${ORIGIN}/a`), await textOf(`${ORIGIN}/a`)]).toEqual(['mine', 'tape']);
});

it('lets calls to other hosts pass, or refuses them', async () => {
  const server = createServer((_, response) => response.end('real')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const local = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const play = await playing([{ url: '/a' }]);
  expect(await textOf(local)).toBe('real');
  play.restore();
  const strict = await playing([{ url: '/a' }], { otherHosts: 'refuse' });
  expect(await textOf(local)).toBe('real');
  const refused = await fetch('https://nowhere.invalid/a');
  expect([refused.status, refused.headers.get('x-calltape-no-match')]).toEqual([404, '1']);
  expect(strict.called('* nowhere.invalid/**')).toHaveLength(1);
});

it.each(['GET /a truncate=50%', 'GET /a reset at=bytes:2'])(
  'answers 500 where it cannot show %s',
  async (fault) => {
    const chunked = ['Transfer-Encoding', 'chunked'];
    const play = await playing([{ url: '/a', answer: 'abcdef', answerHeaders: chunked }], {
      faults: [fault],
    });
    const response = await fetch(`${ORIGIN}/a`);
    expect([response.status, response.headers.get('x-calltape-error')]).toEqual([
      500,
      'NOCK_CANNOT_SHOW',
    ]);
    expect(await response.text()).toContain(JSON.stringify(JSON.stringify(fault)).slice(1, -1));
    expect(play.calls()[0]?.faults).toEqual([fault]);
  },
);

it.each(Object.entries(CLIENTS))(
  'is silent for a timeout, until it ends, with %s',
  async (_, client) => {
    const play = await playing([{ url: '/a' }], { faults: ['GET /a timeout'] });
    const waiting = client(`${ORIGIN}/a`);
    await expect.poll(() => play.calls().length).toBe(1);
    play.restore();
    expect((await waiting).failed).toBe('MOCK_STOPPED');
  },
);

it('lets a client give up', async () => {
  await playing([{ url: '/a' }], { faults: ['GET /a timeout'] });
  const signal = AbortSignal.timeout(30);
  await expect(fetch(`${ORIGIN}/a`, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('waits before the first byte, and between pieces', async () => {
  await playing(
    [
      {
        url: '/a',
        answer: 'onetwo',
        answerHeaders: ['Transfer-Encoding', 'chunked'],
        response: { chunks: [60, 3, 120, 3] },
        ttfbMs: 60,
        durationMs: 120,
      },
    ],
    { latency: 'recorded' },
  );
  const startedAt = performance.now();
  const response = await fetch(`${ORIGIN}/a`);
  expect(performance.now() - startedAt).toBeGreaterThan(55);
  const pieces: string[] = [];
  for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece).toString());
  expect(pieces).toEqual(['one', 'two']);
  expect(performance.now() - startedAt).toBeGreaterThan(115);
});

it('finds paths that URL spells otherwise', async () => {
  await playing([{ url: '/a|b/"c"', answer: 'odd' }]);
  expect((await CLIENTS['http.request']?.(`${ORIGIN}/a|b/"c"`))?.body).toBe('odd');
});

it.each(['garbage', 'malformed'])(
  'refuses %s at once, since no answer can show it',
  async (kind) => {
    const tape = await makeTape([{ url: '/a' }]);
    expect(() => playWithNock(tape, { faults: [`GET /a ${kind}`] })).toThrow(
      expect.objectContaining({
        code: 'NOCK_CANNOT_SHOW',
        message: expect.stringMatching(`"GET /a ${kind}", since .*Use startMock`),
      }),
    );
    expect(nock.activeMocks()).toEqual([]);
  },
);

async function asking(fault: string): Promise<number> {
  return (await fetch(`${ORIGIN}/a`, { headers: { 'x-calltape-fault': fault } })).status;
}

it('hears a fault that one request asks for', async () => {
  await playing([{ url: '/a' }]);
  expect([await asking('status=503'), await asking('nonsense'), await asking('garbage')]).toEqual([
    503, 400, 500,
  ]);
});

it.each([
  ['empty', 'ECONNRESET', 'ECONNRESET', 0],
  ['close at=bytes:2', 'UND_ERR_SOCKET', 'ECONNRESET', 200],
  ['reset at=bytes:2', 'UND_ERR_SOCKET', 'ECONNRESET', 200],
])('shows %s as a failure', async (fault, byFetch, byHttp, status) => {
  await playing([{ url: '/a', answer: 'abcdef' }], { faults: [`GET /a ${fault}`] });
  const body = status === 0 ? '' : 'ab';
  expect(await CLIENTS['fetch']?.(`${ORIGIN}/a`)).toMatchObject({ status, body, failed: byFetch });
  expect(await CLIENTS['http.request']?.(`${ORIGIN}/a`)).toMatchObject({
    status,
    body,
    failed: byHttp,
  });
});

it('answers from a description that names no host for all hosts or none', async () => {
  const file = join(await tempDir(), 'mapping.json');
  const mapping = {
    request: { method: 'GET', urlPath: '/a' },
    response: { status: 200, body: 'mapped' },
  };
  await writeFile(file, JSON.stringify(mapping));
  expect(() => playWithNock(file)).toThrow(expect.objectContaining({ code: 'NOCK_NO_HOST' }));
  expect(nock.activeMocks()).toEqual([]);
  using play = playWithNock(file, { otherHosts: 'refuse' });
  expect(await textOf('https://any.example/a')).toBe('mapped');
  expect(play.patterns).toBe(1);
});
