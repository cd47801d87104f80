import { request } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { got } from '../got.ts';
import { send } from '../http.ts';
import { controlled } from './asking.ts';

const KEY = ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
const CALLS = [
  { url: '/v1/a', answer: 'a' },
  { method: 'POST', url: '/v1/b', body: '{"n":1}', answer: 'b' },
];

describe('the journal', () => {
  test('has each answer with what it was and why', async () => {
    const { mock, client } = await controlled(CALLS, { faults: ['GET /v1/a status=503 first=1'] });
    await send(mock, '/v1/a');
    await send(mock, '/v1/a');
    await send(mock, '/v1/nothing', { method: 'DELETE' });
    const { entries, next, lost, open } = await client.journal();
    const [tape] = (await client.health()).tapes;
    expect(entries).toEqual([
      {
        id: 1,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        method: 'GET',
        url: 'https://api.example.com/v1/a',
        status: 503,
        outcome: 'complete',
        result: 'hit',
        recording: { tape, id: 1 },
        faults: ['GET /v1/a status=503 first=1'],
        durationMs: expect.any(Number),
      },
      expect.objectContaining({ id: 2, status: 200, result: 'hit', faults: [] }),
      expect.objectContaining({
        id: 3,
        method: 'DELETE',
        url: `${mock.url}/v1/nothing`,
        status: 404,
        result: 'miss',
        recording: null,
      }),
    ]);
    expect([next, lost, open]).toEqual([3, 0, []]);
  });

  test('marks lenient answers and refused requests', async () => {
    const { mock, client } = await controlled(CALLS, { lenient: true });
    await send(mock, '/v1/a?other=1');
    await send(mock, '/v1/a', { headers: { 'x-calltape-fault': 'nonsense' } });
    const { entries } = await client.journal();
    expect(entries.map(({ result, status }) => [result, status])).toEqual([
      ['lenient', 200],
      ['refused', 400],
    ]);
  });

  test('is read on from where one was, and says what was lost between', async () => {
    const { mock, client } = await controlled(CALLS, { journal: 5 });
    for (let at = 0; at < 3; at += 1) await got(mock, 'GET', '/v1/a');
    const first = await client.journal(0, 2);
    expect([first.entries.map(({ id }) => id), first.next]).toEqual([[1, 2], 2]);
    const second = await client.journal(first.next);
    expect([second.entries.map(({ id }) => id), second.next]).toEqual([[3], 3]);
    expect(await client.journal(second.next)).toMatchObject({ entries: [], next: 3, lost: 0 });
    for (let at = 0; at < 9; at += 1) await got(mock, 'GET', '/v1/a');
    const third = await client.journal(second.next);
    expect(third.entries.map(({ id }) => id)).toEqual([8, 9, 10, 11, 12]);
    expect([third.next, third.lost]).toEqual([12, 4]);
    expect((await client.journal(undefined, 2)).entries.map(({ id }) => id)).toEqual([11, 12]);
    expect(await client.journal(99)).toMatchObject({ entries: [], next: 12, lost: 0 });
  });

  test('shows what hangs, and how it ended', async () => {
    const { mock, client } = await controlled(CALLS, { faults: ['GET /v1/a timeout'] });
    const outgoing = request(`${mock.url}/v1/a`, { agent: false });
    outgoing.on('error', () => {});
    outgoing.end();
    await vi.waitFor(async () => {
      const { open } = await client.journal();
      expect(open).toMatchObject([
        { id: null, outcome: 'pending', status: null, durationMs: null },
      ]);
    });
    outgoing.destroy();
    await vi.waitFor(async () => {
      const { entries, open } = await client.journal();
      expect(open).toEqual([]);
      expect(entries).toMatchObject([{ id: 1, outcome: 'aborted', faults: ['GET /v1/a timeout'] }]);
    });
  });

  test('tells cut answers from whole ones', async () => {
    const { mock, client } = await controlled(CALLS, {
      faults: ['GET /v1/a truncate=50%', 'POST /v1/b reset'],
    });
    await expect(send(mock, '/v1/a')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    await expect(send(mock, '/v1/b', { method: 'POST' }, '{"n":1}')).rejects.toThrow(/./);
    await vi.waitFor(async () => {
      const { entries } = await client.journal();
      expect(entries.map(({ status, outcome }) => [status, outcome])).toEqual([
        [200, 'truncated'],
        [null, 'error'],
      ]);
    });
  });

  test('never shows a secret, nor keeps a long URL', async () => {
    const { mock, client } = await controlled(CALLS);
    await send(mock, `/v1/a?api_key=hunter2hunter2&token=${KEY}`);
    await send(mock, `/v1/a?pad=${'x'.repeat(5_000)}&api_key=hunter2hunter2`);
    await send(mock, `/v1/a?pad=${'x'.repeat(1_960)}&token=${KEY}`);
    const { entries } = await client.journal();
    const text = JSON.stringify(entries);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('4eC39');
    expect(entries[0]?.url).toContain('/v1/a?api_key=');
    expect(entries.every(({ url }) => url.length <= 2_003)).toBe(true);
  });
});
