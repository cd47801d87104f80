import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newDraft, openTape, openWriter } from '@calltape/store';
import { expect, test } from 'vitest';
import { ask, finished, lock, ownTape } from './own-tape.ts';

const LIMIT = 1024 * 1024;
const recording = { name: 'run', source: 'proxy' } as const;

test('drop: bodies go first, then calls; the writer is never full and every call is accounted for', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { onOverflow: 'drop', maxQueuedBytes: LIMIT });
  const unlock = lock(file);
  const sent = 4000;
  for (let n = 0; n < sent; n += 1) {
    const draft = finished(`/${n}`, randomBytes(10_000));
    writer.begin(draft);
    writer.finish(draft);
    expect(writer.full).toBe(false);
  }
  expect(writer.stats.queuedBytes).toBeLessThan(LIMIT * 1.3);
  expect(writer.losing).toBe(true);
  unlock();
  await writer.close();
  const { writtenCalls, lostCalls, droppedBodies, failure, problem } = writer.stats;
  expect(writtenCalls + lostCalls).toBe(sent);
  expect(lostCalls).toBeGreaterThan(0);
  expect(droppedBodies).toBeGreaterThan(0);
  expect([failure, problem]).toEqual([null, 'the disk did not keep up']);

  const tape = openTape(file);
  expect(tape.recordings()).toMatchObject([{ lostCalls, droppedBodies }]);
  expect(tape.count()).toBe(writtenCalls);
  const bodies = [...tape.exchanges()].map(({ response, dropped }) => [response?.body, dropped]);
  const whole = bodies.filter(([, dropped]) => dropped === undefined);
  expect(whole.length).toBe(writtenCalls - droppedBodies);
  expect(whole.length).toBeGreaterThan(50);
  for (const [body, dropped] of bodies) {
    expect(body).toMatchObject({ size: 10_000 });
    expect(body).toHaveProperty('bytes.length', dropped === 'response' ? 0 : 10_000);
  }
  tape.close();
});

test('drop: a call that is on the tape as pending is ended there, however little room there is', async () => {
  const file = ownTape();
  const options = { onOverflow: 'drop', maxQueuedBytes: 1000, pendingAfterMs: 1 } as const;
  const writer = await openWriter(file, recording, options);
  const hanging = newDraft('GET', 'http://localhost/hangs');
  writer.begin(hanging);
  while (ask(file, 'SELECT count(*) FROM calls')[0] === 0) await delay(5);
  const unlock = lock(file);
  for (let n = 0; n < 100; n += 1) writer.finish(finished(`/${n}`));
  hanging.outcome = 'complete';
  writer.finish(hanging);
  unlock();
  await writer.close();
  expect(ask(file, "SELECT outcome FROM calls WHERE url LIKE '%hangs'")).toEqual(['complete']);
  const { writtenCalls, lostCalls } = writer.stats;
  expect(writtenCalls + lostCalls).toBe(101);
  expect(ask(file, 'SELECT lost_calls FROM recording')).toEqual([lostCalls]);
  expect(ask(file, 'SELECT count(*) FROM calls')).toEqual([writtenCalls]);
});

test('a lock that lasts longer than SQLite would wait loses nothing, and is told of', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording);
  const unlock = lock(file);
  for (let n = 0; n < 1000; n += 1) writer.finish(finished(`/${n}`));
  while (!writer.stats.locked) await delay(20);
  await delay(4000);
  expect(writer.stats).toMatchObject({ writtenCalls: 0, lostCalls: 0, failure: null });
  unlock();
  await writer.flush();
  expect(writer.stats).toMatchObject({ writtenCalls: 1000, lostCalls: 0, locked: false });
  await writer.close();
});

test('a call that cannot be written does not take the others of its batch with it', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { pendingAfterMs: 1 });
  const shown = newDraft('GET', 'http://localhost/shown');
  writer.begin(shown);
  while (ask(file, 'SELECT count(*) FROM calls')[0] === 0) await delay(5);
  for (let n = 0; n < 100; n += 1) {
    const draft = finished(`/${n}`);
    if (n === 50) draft.body.size = 1e300;
    writer.finish(draft);
  }
  shown.body.size = 1e300;
  writer.finish(shown);
  await writer.flush();
  expect(writer.stats).toMatchObject({ writtenCalls: 100, lostCalls: 1, failure: null });
  expect(writer.stats.problem).toMatch(/INTEGER/);
  await writer.close();
  const paths = ask(file, "SELECT url FROM calls WHERE outcome = 'complete' ORDER BY id");
  expect(paths).toHaveLength(99);
  expect(paths).not.toContain('http://localhost/50');
  expect(ask(file, "SELECT outcome FROM calls WHERE url LIKE '%shown'")).toEqual(['interrupted']);
  expect(ask(file, 'SELECT lost_calls FROM recording')).toEqual([1]);
});

test('a call that cannot even be packed is counted as lost, and the next one is kept', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording);
  const broken = finished('/broken');
  if (broken.response !== null) broken.response.status = -1;
  writer.finish(finished('/one'));
  writer.finish(broken);
  writer.finish(finished('/two'));
  await writer.close();
  expect(writer.stats).toMatchObject({ writtenCalls: 2, lostCalls: 1 });
  expect(ask(file, 'SELECT lost_calls FROM recording')).toEqual([1]);
});

test('a durable writer calls back when another connection can see the call', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { durable: true });
  const seen: unknown[] = [];
  const kept: boolean[] = [];
  for (let n = 0; n < 3; n += 1) {
    writer.finish(finished(`/${n}`), (isKept) => {
      kept.push(isKept);
      seen.push(...ask(file, 'SELECT count(*) FROM calls'));
    });
  }
  expect(kept).toEqual([]);
  while (kept.length < 3) await delay(1);
  expect([kept, seen]).toEqual([
    [true, true, true],
    [3, 3, 3],
  ]);
  await writer.close();
});
