// Several threads behind one port that keep what one keeps: clocks, states, rules that change, figures.
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openTape, openWriter } from '@calltape/store';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Mock } from '@calltape/mock';
import { controlled } from './control/asking.ts';
import { fileWith } from './files.ts';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { tempDir } from './tape.ts';
import { socketTape } from './web-socket/tape.ts';

const WORKERS = 3;
/** So many connections that the system deals some to each worker. */
const MANY = 24;
const JSON_TYPE = ['Content-Type', 'application/json'];

/** Calls on connections of their own, at the same time; their statuses and contents. */
async function callAll(mock: Pick<Mock, 'url'>, path: string, count = MANY): Promise<string[]> {
  const answers = Array.from({ length: count }, () => send(mock, path));
  return (await Promise.all(answers)).map(({ status, body }) => `${status} ${body.toString()}`);
}

function among(answers: readonly string[], wanted: string): number {
  return answers.filter((answer) => answer.startsWith(wanted)).length;
}

function note(id: string, title: string, created: number): string {
  return `{"id":"${id}","title":"${title}","created":${created}}`;
}

it('has one clock and one count for the rules that go by time', async () => {
  const paths = ['/all', '/each', '/for', '/between', '/later', '/long', '/during'];
  const faults = [
    'GET /all rate-limit=10/h',
    'GET /each rate-limit=5/h per=endpoint',
    'GET /for status=503 for=300ms',
    'GET /between status=503 between=0s..300ms',
    'GET /later status=503 between=1h..2h',
    'GET /long status=503 for=1h',
    'GET /during status=503 between=0s..1h',
  ];
  const calls = paths.map((url) => ({ url, answer: 'x' }));
  const mock = await mockOf(calls, { faults, workers: WORKERS });
  expect((await send(mock, '/for')).status).toBe(503);
  await setTimeout(350);
  const passed = [];
  for (const path of paths) passed.push(among(await callAll(mock, path), '200'));
  expect(passed).toEqual([10, 5, MANY, MANY, MANY, 0, 0]);
});

it('tells the same of a moment and of what a client made, whichever worker is asked', async () => {
  const [recorded, made] = [
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'b3f1c2d4-0000-4000-8000-1234567890ab',
  ];
  const created = Math.floor(Date.now() / 1_000) - 86_400;
  const told = {
    answer: note(recorded, 'Ann', created),
    answerHeaders: JSON_TYPE,
    startedAt: created * 1_000,
  };
  const mock = await mockOf(
    [
      {
        method: 'POST',
        url: '/notes',
        headers: JSON_TYPE,
        body: `{"id":"${recorded}","title":"Ann"}`,
        ...told,
      },
      { url: `/notes/${recorded}`, ...told },
    ],
    { ignore: ['json:/title', 'json:/id'], shiftTime: true, workers: WORKERS },
  );
  const headers = { 'content-type': 'application/json' };
  const body = `{"id":"${made}","title":"Bob"}`;
  const first = (await send(mock, '/notes', { method: 'POST', headers }, body)).body.toString();
  const moment = Number(/"created":(\d+)/.exec(first)?.[1]);
  expect(moment).toBeGreaterThan(created + 86_000);
  // By then the same moment would be moved by a second more.
  await setTimeout(1_050);
  const expected = `200 ${note(made, 'Bob', moment)}`;
  expect(new Set(await callAll(mock, `/notes/${made}`))).toEqual(new Set([expected]));
});

it('keeps the states of scenarios and the turns of examples once', async () => {
  const scenario = { scenarioName: 'order', requiredScenarioState: 'Started' };
  const stubs = await fileWith({
    mappings: [
      { request: { url: '/o' }, response: { body: 'later' } },
      {
        ...scenario,
        newScenarioState: 'paid',
        request: { url: '/o' },
        response: { body: 'first' },
      },
    ],
  });
  const examples = Object.fromEntries(['a', 'b', 'c'].map((value) => [value, { value }]));
  const api = await fileWith({
    openapi: '3.0.3',
    info: { title: 't', version: '1' },
    paths: {
      '/e': {
        get: { responses: { 200: { description: '', content: { 'text/plain': { examples } } } } },
      },
    },
  });
  const mock = await mockOf([], {
    tapes: [stubs, api],
    faults: ['GET /e status=503 first=2'],
    workers: WORKERS,
  });
  const answers = await callAll(mock, '/o');
  expect([among(answers, '200 first'), among(answers, '200 later')]).toEqual([1, MANY - 1]);
  const turns = await callAll(mock, '/e');
  const counts = ['503', '200 a', '200 b', '200 c'].map((wanted) => among(turns, wanted));
  expect(counts).toEqual([2, 1, 1, MANY - 4]);
  await mock.close();
  expect(mock.summary()).toMatchObject({ answered: 2 * MANY, faulted: 2, unusedPatterns: [] });
});

it('has its rules changed and its state set back by the control API', async () => {
  const calls = [0, 1].map((n) => ({ url: '/n', answer: String(n), startedAt: n }));
  const { mock, client } = await controlled(calls, {
    workers: WORKERS,
    faults: ['GET /n status=500 first=3'],
  });
  expect(among(await callAll(mock, '/n'), '500')).toBe(3);
  const { id } = await client.addFault('GET /n status=503');
  expect(among(await callAll(mock, '/n'), '503')).toBe(MANY);
  expect((await client.faults()).rules.map(({ seen, fired }) => [seen, fired])).toEqual([
    [2 * MANY, 3],
    [MANY, MANY],
  ]);
  await client.turnFault(id, false);
  expect(new Set(await callAll(mock, '/n'))).toEqual(new Set(['200 1']));
  await client.removeFault(id);
  await client.reset();
  const again = await callAll(mock, '/n');
  expect(['500', '200 0', '200 1'].map((wanted) => among(again, wanted))).toEqual([3, 1, MANY - 4]);
});

it('tells of the calls of all workers while they run', async () => {
  const calls = ['/n', '/never'].map((url) => ({ url, answer: 'x' }));
  const { mock, client } = await controlled(calls, { workers: WORKERS, journal: 40 });
  await callAll(mock, '/n');
  await callAll(mock, '/gone', MANY);
  const { counts } = await client.health();
  expect(counts).toMatchObject({ answered: MANY, missed: MANY });
  expect((await client.misses()).misses.map(({ count }) => count)).toEqual([MANY]);
  expect((await client.unused()).unused.map(({ url }) => url)).toEqual([
    'https://api.example.com/never',
  ]);
  const metrics = await client.metrics();
  expect(metrics).toContain(`calltape_mock_calls_total{result="hit"} ${MANY}\n`);
  expect(metrics).toContain(`{result="hit",status="2xx"} ${MANY}\n`);
  expect(metrics).toContain(`calltape_mock_call_duration_seconds_count{result="miss"} ${MANY}\n`);

  const { entries, next, lost } = await client.journal(0, 30);
  const kept = Array.from({ length: 30 }, (_, at) => 2 * MANY - 40 + 1 + at);
  expect(entries.map((entry) => entry.id)).toEqual(kept);
  expect([next, lost]).toEqual([kept.at(-1), 2 * MANY - 40]);
  const rest = await client.journal(next);
  expect(rest.entries.map(({ result }) => result)).toEqual(
    Array.from({ length: 10 }, () => 'miss'),
  );
  await client.reset(['journal', 'misses']);
  expect(await client.journal()).toMatchObject({ entries: [], next: 2 * MANY });
  expect((await client.misses()).misses).toEqual([]);
});

it('writes the WebSockets of all workers onto the served tape', async () => {
  const file = join(await tempDir(), 'served.tape');
  const served = await openWriter(file, { name: 'served', source: 'mock' });
  const tape = await socketTape([
    {
      lines: [
        { from: 'server', data: 'hi' },
        { from: 'client', data: 'ho' },
        { from: 'server', data: 'ha' },
      ],
    },
  ]);
  const mock = await mockOf(tape, { served, workers: WORKERS });
  const sockets = Array.from({ length: MANY / 2 }, async (_, at) => {
    const socket = new WebSocket(`${mock.url.replace('http', 'ws')}/chat`);
    onTestFinished(() => socket.terminate());
    await once(socket, 'message');
    socket.send(`ho ${at}`);
    await once(socket, 'message');
    socket.close();
    await once(socket, 'close');
  });
  await Promise.all(sockets);
  await mock.close();
  await served.close();
  const written = openTape(file);
  const said = [...written.exchanges()].map(({ id }) =>
    written.messages(id).map(({ bytes }) => Buffer.from(bytes).toString()),
  );
  written.close();
  expect(said.map(([first, , last]) => [first, last])).toEqual(
    Array.from({ length: MANY / 2 }, () => ['hi', 'ha']),
  );
  expect(new Set(said.map(([, own]) => own))).toEqual(
    new Set(Array.from({ length: MANY / 2 }, (_, at) => `ho ${at}`)),
  );
});
