import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { parseFault } from '@calltape/mock';
import { send } from '../http.ts';
import { mockOf } from '../mock.ts';
import { closing, exchangeRaw } from '../raw.ts';
import type { Told } from '../tape.ts';

function json(url: string, value: object): Told {
  const answer = JSON.stringify(value);
  const answerHeaders = ['Content-Type', 'application/json', 'Content-Length', `${answer.length}`];
  return { url, answer, answerHeaders };
}

it('uses a recording up whose reply is lost, and none whose answer is replaced', async () => {
  const calls = ['one', 'two', 'three'].map((answer) => ({ method: 'POST', url: '/pay', answer }));
  const mock = await mockOf(calls, {
    faults: ['POST /pay lose-reply first=1', 'POST /pay unauthorized after=1 times=1'],
  });
  const pay = async () => await send(mock, '/pay', { method: 'POST' });
  await expect(pay()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await pay()).headers['www-authenticate']).toContain('invalid_token');
  expect((await pay()).body.toString()).toBe('two');
  expect((await pay()).body.toString()).toBe('three');
});

it('limits the rate of a client that does not wait, and says when it may come again', async () => {
  const mock = await mockOf([{ url: '/a' }, { url: '/b' }], { faults: ['* /** rate-limit=2/h'] });
  expect((await send(mock, '/a')).status).toBe(200);
  expect((await send(mock, '/b')).status).toBe(200);
  const limited = await send(mock, '/a');
  expect(limited.status).toBe(429);
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(3_590);
  expect(limited.headers).toMatchObject({
    'ratelimit-limit': '2',
    'ratelimit-remaining': '0',
    'x-ratelimit-limit': '2',
  });
});

it('learns from the recordings of an endpoint what may be missing there', async () => {
  const calls = [
    json('/v1/customers/101', { id: 'cus_1', card: { last4: '4242' } }),
    json('/v1/customers/102', { id: 'cus_2' }),
    json('/v1/orders/201', { id: 'ord_1', card: { last4: '4242' } }),
  ];
  const mock = await mockOf(calls, { faults: ['* /** drop-field'], seed: 5 });
  const dropped = async (path: string): Promise<Set<unknown>> => {
    const notes = new Set<unknown>();
    for (let n = 0; n < 60; n += 1) {
      notes.add(String((await send(mock, path)).headers['x-calltape-fault']).split(' -> ')[1]);
    }
    return notes;
  };
  expect(await dropped('/v1/customers/101')).toEqual(
    new Set(['drop-field=/id', 'drop-field=/card', 'drop-field=/card/last4']),
  );
  expect(await dropped('/v1/orders/201')).toEqual(
    new Set(['drop-field=/id', 'drop-field=/card/last4']),
  );
});

it('repeats a run with its seed, schema faults included', async () => {
  const calls = [json('/a', { id: 1, name: 'x', list: [1, 2], state: 'open' })];
  const run = async (seed: number): Promise<string[]> => {
    const mock = await mockOf(calls, { faults: ['* /** drift p=0.5'], seed });
    const bodies: string[] = [];
    for (let n = 0; n < 20; n += 1) bodies.push((await send(mock, '/a')).body.toString());
    return bodies;
  };
  const first = await run(11);
  expect(await run(11)).toEqual(first);
  expect(await run(12)).not.toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(3);
});

it('sends a client that accepts gzip gzip, altered', async () => {
  const answer = gzipSync('{"id":12345678901234567890,"amount":1.10}');
  const answerHeaders = [
    'Content-Type',
    'application/json',
    'Content-Encoding',
    'gzip',
    'Content-Length',
    String(answer.length),
  ];
  const mock = await mockOf([{ url: '/a', answer, answerHeaders }], {
    faults: ['GET /a retype-field=/amount:string'],
  });
  const response = await fetch(`${mock.url}/a`);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toBe('{"id":12345678901234567890,"amount":"1.10"}');
});

const STREAM: Told = {
  url: '/events',
  answer: 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n',
  answerHeaders: ['Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'],
  response: { chunks: [1, 15, 2, 15, 3, 15] },
};

it.each([
  ['reset at=chunk:2', 'data: {"n":2}', 'data: {"n":3}', 'ECONNRESET'],
  ['close at=chunk:1', 'data: {"n":1}', 'data: {"n":2}', 'FIN'],
  ['malformed', 'data: {"n":1}', 'data: {"n":3}', 'FIN'],
])('cuts a stream of events: %s', async (fault, has, hasNot, end) => {
  const mock = await mockOf([STREAM], { faults: [`GET /events ${fault}`] });
  const { text, ending } = await exchangeRaw(mock, closing('GET /events'));
  expect([text.includes(has), text.includes(hasNot), ending]).toEqual([true, false, end]);
});

it('stalls a stream of events, and alters its events in their own chunks', async () => {
  const mock = await mockOf([STREAM], {
    faults: ['GET /events timeout at=chunk:2 first=1', 'GET /events null-field=/n after=1'],
  });
  const stalled = fetch(`${mock.url}/events`, { signal: AbortSignal.timeout(150) });
  await expect(stalled.then(async (response) => await response.text())).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  const { text } = await exchangeRaw(mock, closing('GET /events'));
  expect(text.split('\r\n').filter((line) => line.startsWith('data:'))).toEqual(
    Array(3).fill('data: {"n":null}\n\n'),
  );
});

it('faults calls that are not on the tape', async () => {
  const mock = await mockOf([{ url: '/v1/charges/ch_1' }], {
    faults: ['GET /v1/charges/* garbage first=1', 'GET /other empty'],
  });
  expect((await exchangeRaw(mock, closing('GET /v1/charges/ch_2'))).text).toHaveLength(64);
  expect((await exchangeRaw(mock, closing('GET /v1/charges/ch_2'))).text).toMatch(/ 404 /);
  expect(await exchangeRaw(mock, closing('GET /other'))).toEqual({ text: '', ending: 'FIN' });
  expect(mock.summary()).toMatchObject({ missed: 3, faulted: 2 });
});

it('lets rules be changed while it runs', async () => {
  const mock = await mockOf([{ url: '/a' }]);
  expect((await send(mock, '/a')).status).toBe(200);
  const id = mock.faults.add(parseFault('GET /a status=503'));
  expect((await send(mock, '/a')).status).toBe(503);
  mock.faults.turn(id, false);
  expect((await send(mock, '/a')).status).toBe(200);
  mock.faults.turn(id, true);
  mock.faults.remove(id);
  expect((await send(mock, '/a')).status).toBe(200);
});
