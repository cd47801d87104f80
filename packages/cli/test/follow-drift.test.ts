// calltape drift --follow beside a recorder, as a shell sees it, and the rows it leaves on the tape.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Lessons, type LearnedCall } from '@calltape/drift';
import { newDraft, openFindingWriter, openTape, openWriter, type CallDraft } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { LessonsJudge } from '../src/drift/live-judge.ts';
import { BIN, emptyFolder } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith } from './tape-with-calls.ts';

function calls(from: number, body: (at: number) => object): CallDraft[] {
  return Array.from({ length: 20 }, (_, at) =>
    call(`/v1/things/${from + at}`, {
      response: answer(200, 'OK', JSON.stringify(body(from + at))),
    }),
  );
}

const OLD = {
  method: 'GET',
  origin: ORIGIN,
  template: '/v1/gone',
  direction: 'response',
  status: null,
  location: '',
  kind: 'endpoint-removed',
  severity: 'breaking',
  was: 'called',
  is: 'not called',
  before: { count: 0, of: 9 },
  after: { count: 9, of: 9 },
  chance: 0.001,
  phrase: '1 in 1 000 by chance',
  firstSeen: null,
  examples: [],
};

test('tells each change once as calls come, and keeps them as rows of the tape', async () => {
  const folder = await emptyFolder();
  const file = await tapeWith(
    folder,
    calls(1, (at) => ({ id: at, name: `n${at}`, price: at / 2 })),
    'before',
  );
  // What a follower of earlier left, twice: one row.
  const earlier = openFindingWriter(file);
  earlier.put([OLD, OLD]);
  earlier.close();
  expect(findings(file)).toEqual([{ ...OLD, id: 1, foundAt: expect.any(Number) }]);

  const words = ['drift', '--follow', '--baseline', 'before', '--json', '--fail-on', 'warning'];
  const child = spawn(process.execPath, [BIN, ...words], { cwd: folder });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
  await once(child.stderr, 'data');

  const writer = await openWriter(file, { name: 'live', source: 'proxy' }, { pendingAfterMs: 1 });
  const late = newDraft('GET', `${ORIGIN}/v1/things/200`);
  writer.begin(late);
  for (const one of calls(101, (at) => ({ id: at, name: `n${at}` }))) writer.finish(one);
  expect(await next()).toMatchObject({ location: '/price', kind: 'field-removed' });
  // The call was on the tape before it ended; what it has is not gone, though others have it no more.
  const response = answer(200, 'OK', '{"id":200,"name":null,"price":100}');
  writer.finish(Object.assign(late, call('/v1/things/200', { response })));
  for (const one of calls(201, (at) => ({ id: at, name: null }))) writer.finish(one);
  const further = [await next(), await next()];
  expect(further).toContainEqual(
    expect.objectContaining({ location: '/name', severity: 'breaking' }),
  );
  expect(further).toContainEqual(
    expect.objectContaining({ location: '/price', kind: 'became-optional' }),
  );
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect((await lines.next()).done).toBe(true);
  await writer.close();

  const place = { method: 'GET', origin: ORIGIN, template: '/v1/things/{thing}', status: 200 };
  const rows = findings(file).toSorted((a, b) => (a.location < b.location ? -1 : 1));
  expect(rows).toMatchObject([
    { ...place, location: '/name', after: { count: 21, of: 41 }, was: 'string' },
    {
      ...place,
      location: '/price',
      direction: 'response',
      kind: 'became-optional',
      severity: 'breaking',
      before: { count: 0, of: 20 },
      after: { count: 40, of: 41 },
      firstSeen: Date.UTC(2026, 10, 24, 3, 48, 28, 123),
      examples: expect.arrayContaining([{ side: 'before', id: 1 }]),
    },
  ]);
});

test('looks again only at endpoints that got calls', () => {
  const judge = new LessonsJudge(lessonsOf('string'), { alpha: 0.01 });
  const live = Array.from({ length: 30 }, (_, at) => learned(at, 'number'));
  for (const one of live) judge.add(one);
  expect(judge.look()).toMatchObject([{ kind: 'type-changed', after: { of: 30 } }]);
  expect(judge.look()).toEqual([]);
  judge.add(learned(30, 'number'));
  expect(judge.look()).toMatchObject([{ kind: 'type-changed', after: { of: 31 } }]);
});

function lessonsOf(type: 'string' | 'number'): Lessons {
  const lessons = new Lessons();
  for (let at = 0; at < 30; at += 1) lessons.add(learned(at, type));
  return lessons;
}

function learned(at: number, type: 'string' | 'number'): LearnedCall {
  return {
    id: at + 1,
    at,
    method: 'GET',
    origin: ORIGIN,
    template: '/v1/things/{thing}',
    url: `${ORIGIN}/v1/things/${at}`,
    status: 200,
    requestContentType: null,
    responseContentType: 'application/json',
    requestHeaders: [],
    responseHeaders: [],
    requestBody: '',
    responseBody: JSON.stringify({ size: type === 'string' ? `size ${at} of it` : at / 2 }),
    outcome: 'complete',
  };
}

function findings(file: string) {
  const tape = openTape(file);
  try {
    return tape.findings();
  } finally {
    tape.close();
  }
}
