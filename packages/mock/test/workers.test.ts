// Several threads behind one port: what they answer is what one answers.
import { Agent } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTape, openWriter } from '@calltape/store';
import type { Mock } from '@calltape/mock';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import type { Settings } from './mock.ts';
import { tempDir } from './tape.ts';
import type { Told } from './tape.ts';

const CLIENTS = 12;

function numbered(count: number, path = '/n'): Told[] {
  return Array.from({ length: count }, (_, n) => ({ url: path, answer: String(n), startedAt: n }));
}

/** Many clients on connections of their own, each with one call after the other. */
async function callMuch(mock: Mock, calls: number, path = '/n'): Promise<string[]> {
  const bodies: string[] = [];
  let left = calls;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (left > 0) {
      left -= 1;
      const { status, body } = await send(mock, path, { agent });
      bodies.push(status === 200 ? body.toString() : String(status));
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return bodies;
}

async function withWorkers(
  calls: readonly Told[],
  workers: number,
  settings: Settings = {},
): Promise<Mock> {
  return await mockOf(calls, { ...settings, workers });
}

function inOrder(values: readonly string[]): string[] {
  return values.toSorted((one, other) => Number(one) - Number(other));
}

it('gives every answer of a sequence once, then the last', async () => {
  const mock = await withWorkers(numbered(300), 3);
  expect(mock.workers).toBe(process.platform === 'linux' ? 3 : 1);
  const bodies = await callMuch(mock, 400);
  const once = Array.from({ length: 300 }, (_, n) => String(n));
  expect(inOrder(bodies)).toEqual([...once, ...Array.from({ length: 100 }, () => '299')]);
  await mock.close();
  expect(mock.summary()).toMatchObject({ answered: 400, missed: 0, unused: [] });
});

it('misses what is used up, under repeat once', async () => {
  const mock = await withWorkers(numbered(50), 3, { repeat: 'once' });
  const bodies = await callMuch(mock, 80);
  expect(bodies.filter((body) => body === '404')).toHaveLength(30);
  expect(new Set(bodies).size).toBe(51);
  await mock.close();
  const { answered, missed, misses } = mock.summary();
  expect([answered, missed, misses.map(({ count }) => count)]).toEqual([50, 30, [30]]);
});

it('has the verdicts of one worker with the same seed', async () => {
  const faults = ['GET /n status=503 p=0.3', 'GET /n status=429 every=7'];
  const settings = { faults, seed: 42 };
  const counts = async (workers: number): Promise<unknown> => {
    const mock = await withWorkers(numbered(1), workers, settings);
    const bodies = await callMuch(mock, 500);
    await mock.close();
    const { faulted } = mock.summary();
    return { faulted, ...Object.groupBy(bodies, (body) => body), order: null };
  };
  const one = await counts(1);
  expect(await counts(3)).toEqual(one);
});

it('counts a rule that strikes so often for all workers together', async () => {
  const mock = await withWorkers(numbered(1), 3, {
    faults: ['* /** status=500 first=10', '* /missing status=502 first=3'],
  });
  const bodies = await callMuch(mock, 60);
  expect(bodies.filter((body) => body === '500')).toHaveLength(10);
  const missed = await callMuch(mock, 40, '/missing');
  expect(missed.filter((body) => body === '502')).toHaveLength(3);
  expect(missed.filter((body) => body === '500')).toHaveLength(10 - 3);
});

it('writes the answers of all workers onto one tape', async () => {
  const file = join(await tempDir(), 'served.tape');
  const served = await openWriter(file, { name: 'served', source: 'mock' });
  const mock = await withWorkers(numbered(200), 3, { served });
  const bodies = await callMuch(mock, 200);
  await mock.close();
  await served.close();
  const tape = openTape(file);
  const kept = [...tape.exchanges()].map(({ response }) =>
    Buffer.from(response?.body.bytes ?? []).toString(),
  );
  expect(inOrder(kept)).toEqual(inOrder(bodies));
  expect(tape.recordings()).toHaveLength(1);
  tape.close();
});

it('adds up what was asked for and missed', async () => {
  const calls = [...numbered(1), { url: '/never', answer: 'x' }];
  const mock = await withWorkers(calls, 3);
  await Promise.all([callMuch(mock, 30), callMuch(mock, 30, '/gone')]);
  await mock.close();
  const { answered, missed, misses, unused } = mock.summary();
  expect([answered, missed]).toEqual([30, 30]);
  expect(misses.map(({ count }) => count)).toEqual([30]);
  expect(unused.map(({ url }) => url)).toEqual(['https://api.example.com/never']);
});

it('closes while calls hang, with every worker', async () => {
  const mock = await withWorkers(numbered(1), 3, { faults: ['* /** timeout'] });
  const hanging = Array.from({ length: CLIENTS }, () => send(mock, '/n').then(String, () => 'cut'));
  const startedAt = performance.now();
  await mock.close(200);
  expect(new Set(await Promise.all(hanging))).toEqual(new Set(['cut']));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await expect(send(mock, '/n')).rejects.toThrow();
});

it('tells no calls that are those of one worker alone', async () => {
  const mock = await withWorkers(numbered(1), 2);
  for (const ask of [() => mock.calls(), () => mock.called('GET /n')]) {
    expect(ask).toThrow(expect.objectContaining({ code: 'WORKERS_REFUSED' }));
  }
});

it('has one worker where the system does not let several listen on one port', async () => {
  const system = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
  Object.defineProperty(process, 'platform', { ...system, value: 'darwin' });
  onTestFinished(() => void Object.defineProperty(process, 'platform', system));
  const mock = await withWorkers(numbered(20), 4, { repeat: 'once' });
  expect(mock.workers).toBe(1);
  expect(new Set(await callMuch(mock, 20)).size).toBe(20);
  // Nobody else may listen there, as where ports are shared.
  await expect(mockOf(numbered(1), { port: mock.port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  });
  expect(mock.summary()).toMatchObject({ answered: 20, unused: [] });
});
