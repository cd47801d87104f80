import { describe, expect, test } from 'vitest';
import { controlClient } from '@calltape/mock';
import { got } from '../got.ts';
import { send } from '../http.ts';
import { fileWith } from '../files.ts';
import { controlled } from './asking.ts';

const CALLS = [
  { url: '/v1/a', answer: 'one' },
  { url: '/v1/a', answer: 'two' },
  { url: '/v1/b', answer: 'b' },
];

describe('fault rules', () => {
  test('are added, switched and removed while calls are answered', async () => {
    const { mock, client } = await controlled(CALLS, { faults: ['GET /v1/b status=500'] });
    const statusOf = async (path: string): Promise<number> => (await send(mock, path)).status;
    expect(await statusOf('/v1/b')).toBe(500);
    expect(await client.turnFault(1, false)).toMatchObject({ id: 1, on: false, fired: 1 });
    expect(await statusOf('/v1/b')).toBe(200);
    const added = await client.addFault('* /v1/b status=503');
    expect(added).toEqual({ id: 2, text: '* /v1/b status=503', on: true, seen: 0, fired: 0 });
    expect(await statusOf('/v1/b')).toBe(503);
    await client.removeFault(2);
    expect(await statusOf('/v1/b')).toBe(200);
    expect(await client.addFault('* /** reset', false)).toMatchObject({ id: 3, on: false });
    expect(await statusOf('/v1/b')).toBe(200);
    expect((await client.faults()).rules.map(({ id, on }) => [id, on])).toEqual([
      [1, false],
      [3, false],
    ]);
  });

  test('are switched under traffic, and every call gets one answer or the other', async () => {
    const { mock, client } = await controlled(CALLS, { faults: ['GET /v1/b status=503'] });
    const statuses = new Set<number>();
    let calls = 0;
    const over = new AbortController();
    const caller = async (): Promise<void> => {
      while (!over.signal.aborted) {
        statuses.add((await send(mock, '/v1/b')).status);
        calls += 1;
      }
    };
    const callers = [caller(), caller(), caller(), caller()];
    for (let turn = 0; turn < 40; turn += 1) await client.turnFault(1, turn % 2 === 1);
    over.abort();
    await Promise.all(callers);
    expect([...statuses].toSorted((one, other) => one - other)).toEqual([200, 503]);
    const { counts } = await client.health();
    expect(counts.answered).toBe(calls);
    expect(counts.faulted).toBe((await client.faults()).rules[0]?.fired);
  });

  test('have counts that a reset sets back', async () => {
    const { mock, client } = await controlled(CALLS, { faults: ['GET /v1/b status=503 first=1'] });
    const statusOf = async (): Promise<number> => (await send(mock, '/v1/b')).status;
    expect([await statusOf(), await statusOf()]).toEqual([503, 200]);
    expect(await client.reset(['faults'])).toEqual({ reset: ['faults'] });
    expect([await statusOf(), await statusOf()]).toEqual([503, 200]);
  });

  test('of a profile take the place of those of the last, and leave the others', async () => {
    const { client } = await controlled(CALLS, {
      faults: ['* /** reset', 'GET /own latency=1ms'],
      control: { port: 0, profile: 'down' },
      seed: 42,
    });
    expect(await client.faults()).toMatchObject({ seed: 42, profile: 'down' });
    const slow = await client.setProfile('slow');
    expect(slow.profile).toBe('slow');
    expect(slow.rules.map(({ text }) => text)).toEqual([
      'GET /own latency=1ms',
      '* /** latency=lognormal(1s,0.5)',
      '* /** bandwidth=20kb/s',
    ]);
    expect((await client.setProfile(null)).rules).toHaveLength(1);
    const refused = expect(client.setProfile(JSON.parse('"nothing"'))).rejects.toMatchObject({
      code: 'PROFILE_UNKNOWN',
    });
    await refused;
  });

  test('are at most a thousand', async () => {
    const { mock, client } = await controlled(CALLS, {
      faults: Array.from({ length: 1_000 }, () => 'GET /other reset'),
    });
    await expect(client.addFault('* /** reset')).rejects.toMatchObject({ code: 'RULES_FULL' });
    expect(mock.faults.rules).toHaveLength(1_000);
  });
});

describe('a reset', () => {
  test('has sequences play from their beginning', async () => {
    const { mock, client } = await controlled(CALLS, { repeat: 'once' });
    const next = async (): Promise<string> => got(mock, 'GET', '/v1/a');
    expect([await next(), await next(), await next()]).toEqual(['one', 'two', 'no match']);
    expect((await client.unused()).total).toBe(1);
    await client.reset();
    expect((await client.unused()).total).toBe(3);
    expect([await next(), await next(), await next()]).toEqual(['one', 'two', 'no match']);
  });

  test.each([1, 2])('has scenarios of WireMock begin anew, with %i workers', async (workers) => {
    const scenario = { scenarioName: 'order' };
    const paying = { requiredScenarioState: 'Started', newScenarioState: 'paid' };
    const pay = {
      ...scenario,
      ...paying,
      name: 'pay',
      request: { method: 'POST', url: '/pay' },
      response: { status: 201 },
    };
    const api = {
      openapi: '3.0.0',
      paths: {
        '/v1/things': { get: { operationId: 'list', responses: { 200: { content: {} } } } },
      },
    };
    const { mock, client } = await controlled([], {
      tapes: [await fileWith(pay), await fileWith(api)],
      workers,
    });
    const pays = async (): Promise<number> =>
      (await fetch(`${mock.url}/pay`, { method: 'POST' })).status;
    expect(await client.unused()).toMatchObject({
      total: 0,
      totalPatterns: 2,
      unusedPatterns: [
        { name: 'pay', method: 'POST', url: '/pay' },
        { name: 'list', method: 'GET', url: '/v1/things' },
      ],
    });
    expect(() => mock.expectAllUsed()).toThrow(/^2 of 2 described calls were.*\n.*"pay" POST/);
    expect([await pays(), await pays()]).toEqual([201, 404]);
    expect((await client.unused()).totalPatterns).toBe(1);
    await client.reset(['sequences']);
    expect((await client.unused()).totalPatterns).toBe(2);
    expect(await pays()).toBe(201);
  });

  test('forgets misses and journal only when it is asked to', async () => {
    const { mock, client } = await controlled(CALLS);
    await got(mock, 'GET', '/v1/z');
    await client.reset();
    expect((await client.misses()).misses).toHaveLength(1);
    expect((await client.journal()).entries).toHaveLength(1);
    await client.reset(['misses', 'journal']);
    expect((await client.misses()).misses).toEqual([]);
    expect(await client.journal()).toMatchObject({ entries: [], next: 1 });
    await expect(client.reset(JSON.parse('["all"]'))).rejects.toMatchObject({
      code: 'CONTENT_INVALID',
    });
  });
});

describe('what is told of a mock', () => {
  test('its health', async () => {
    const { mock, client } = await controlled(CALLS, {
      seed: 7,
      control: { port: 0, version: '1.2.3' },
    });
    await got(mock, 'GET', '/v1/a');
    await got(mock, 'GET', '/v1/z');
    expect(await client.health()).toEqual({
      version: '1.2.3',
      pid: process.pid,
      uptimeMs: expect.any(Number),
      tapes: [expect.stringMatching(/calls\.tape$/)],
      recordings: 3,
      seed: 7,
      counts: { answered: 1, lenient: 0, missed: 1, passed: 0, faulted: 0 },
    });
  });

  test('near misses, and recordings that nobody asked for', async () => {
    const { mock, client } = await controlled(CALLS);
    await got(mock, 'GET', '/v1/a?page=2&api_key=sekret');
    const { missed, misses } = await client.misses();
    expect(missed).toBe(1);
    expect(misses[0]).toMatchObject({ code: 'NO_MATCH', count: 1, method: 'GET' });
    expect(misses[0]?.nearest[0]?.url).toBe('https://api.example.com/v1/a');
    expect(JSON.stringify(misses)).not.toContain('sekret');
    const { total, unused } = await client.unused();
    expect([total, unused.map(({ id }) => id)]).toEqual([3, [1, 2, 3]]);
  });
});

describe('the client', () => {
  test('says what is wrong', async () => {
    const { url, token } = await controlled(CALLS);
    const { mock } = await controlled(CALLS);
    await expect(controlClient(url, 'x').health()).rejects.toMatchObject({
      code: 'TOKEN_REQUIRED',
    });
    await expect(controlClient(mock.url, token).health()).rejects.toMatchObject({
      code: 'NO_MATCH',
    });
    await mock.close();
    await expect(controlClient(mock.url, token).health()).rejects.toMatchObject({
      code: 'CONTROL_UNREACHABLE',
    });
  });

  test('finds the control API gone when the mock is closed', async () => {
    const { mock, client } = await controlled(CALLS);
    await mock.close();
    await expect(client.health()).rejects.toMatchObject({ code: 'CONTROL_UNREACHABLE' });
  });
});

test('a mock without the option has no control API', async () => {
  const { mockOf } = await import('../mock.ts');
  expect((await mockOf(CALLS)).control).toBeNull();
});
