import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { newDraft, openPruner, openTape, openWriter, parseFilter } from '@calltape/store';
import type { CallDraft, PruneRequest, Retention } from '@calltape/store';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { ask, finished, ownTape } from './own-tape.ts';

const recording = { name: 'run', source: 'proxy' } as const;
const MB = 1024 * 1024;

async function tapeWith(drafts: readonly CallDraft[], file = ownTape()): Promise<string> {
  const writer = await openWriter(file, recording, { redact: false });
  for (const draft of drafts) writer.finish(draft);
  await writer.close();
  return file;
}

function calls(count: number, bodyBytes = 0): CallDraft[] {
  return Array.from({ length: count }, (_, n) => finished(`/${n}`, randomBytes(bodyBytes)));
}

/** Prunes and says how many calls went. */
function pruned(file: string, request: PruneRequest): number {
  const pruner = openPruner(file);
  try {
    const plan = pruner.plan(request);
    let erased = 0;
    for (erased of pruner.run(plan, request));
    expect(pruner.emptyLog()).toBe(true);
    return erased;
  } finally {
    pruner.close();
  }
}

const count = 'SELECT count(*) FROM calls';

test('a recorder keeps so many calls, bodies and file in step with them', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { keep: { maxCalls: 200 } });
  for (let n = 0; n < 10; n += 1) {
    for (const draft of calls(100, 20_000)) writer.finish(draft);
    await writer.flush();
    await delay(50);
  }
  while (Number(ask(file, count)[0]) > 200) await delay(20);
  expect(ask(file, 'SELECT count(*) FROM body')).toEqual([200]);
  expect(ask(file, 'SELECT min(id) FROM calls')).toEqual([801]);
  await writer.close();
  expect(writer.stats).toMatchObject({ writtenCalls: 1000, lostCalls: 0 });
  expect(ask(file, 'PRAGMA integrity_check')).toEqual(['ok']);
  expect(ask(file, 'PRAGMA foreign_key_check')).toEqual([]);
});

test('a recorder keeps its file small: what is deleted goes back to the file system', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { keep: { maxBytes: 4 * MB } });
  for (let n = 0; n < 20; n += 1) {
    for (const draft of calls(50, 20_000)) writer.finish(draft);
    await writer.flush();
  }
  while (statSync(file).size > 4 * MB) await delay(20);
  const left = Number(ask(file, count)[0]);
  expect(left).toBeGreaterThan(100);
  expect(left).toBeLessThan(200);
  expect(ask(file, 'SELECT max(id) FROM calls')).toEqual([1000]);
  await writer.close();
});

test('a recorder keeps calls so long, and never deletes one that is under way', async () => {
  const file = await tapeWith([...calls(150), finished('/old', 'x', 60_000)]);
  const writer = await openWriter(file, recording, { keep: { maxAgeMs: 3000 }, pendingAfterMs: 1 });
  const hanging = newDraft('GET', 'http://localhost/hangs');
  hanging.startedAt -= 60_000;
  writer.begin(hanging);
  while (ask(file, "SELECT url FROM calls WHERE url LIKE '%/old'").length > 0) await delay(20);
  expect(ask(file, count)).toEqual([151]);
  while (ask(file, count)[0] !== 1) await delay(20);
  hanging.outcome = 'complete';
  writer.finish(hanging);
  await writer.flush();
  expect(writer.stats).toMatchObject({ writtenCalls: 1, lostCalls: 0 });
  await writer.close();
});

test.each<[string, Retention, number, number]>([
  ['by age', { maxAgeMs: 60_000 }, 20, 80],
  ['by number', { maxCalls: 30 }, 70, 30],
  ['by either', { maxAgeMs: 60_000, maxCalls: 90 }, 20, 80],
  ['all that match', {}, 100, 0],
])('prune %s', async (_name, keep, gone, left) => {
  const drafts = Array.from({ length: 100 }, (_, n) => finished(`/${n}`, `${n}`, n < 20 ? 1e6 : 0));
  const file = await tapeWith(drafts);
  const pruner = openPruner(file);
  expect(pruner.plan({ keep })).toMatchObject({ ids: { length: gone } });
  pruner.close();
  expect(ask(file, count)).toEqual([100]);
  expect(pruned(file, { keep })).toBe(gone);
  expect(ask(file, count)).toEqual([left]);
  expect(ask(file, 'SELECT count(*) FROM body')).toEqual([left]);
});

test('prune until the file is small enough, and only what matches', async () => {
  const file = await tapeWith([...calls(300, 20_000), ...calls(5, 0)]);
  expect(statSync(file).size).toBeGreaterThan(6 * MB);
  expect(pruned(file, { keep: { maxBytes: 2 * MB } })).toBeGreaterThan(200);
  expect(statSync(file).size).toBeLessThanOrEqual(2 * MB);
  expect(ask(file, 'SELECT max(id) FROM calls')).toEqual([305]);
  const left = Number(ask(file, count)[0]);
  expect(pruned(file, { filter: parseFilter('path:/4'), keep: {} })).toBeGreaterThan(0);
  expect(ask(file, "SELECT count(*) FROM calls WHERE url LIKE '%/4%'")).toEqual([0]);
  expect(Number(ask(file, count)[0])).toBeGreaterThan(left / 2);
});

test('an id is never given twice, so followers miss nothing', async () => {
  const file = await tapeWith(calls(10));
  const tape = openTape(file);
  const { cursor } = tape.changes({ id: 0, amendment: 0 });
  expect(pruned(file, { keep: {} })).toBe(10);
  await tapeWith(calls(3), file);
  expect(tape.changes(cursor).rows.map(({ id }) => id)).toEqual([11, 12, 13]);
  tape.close();
});

test('what follows a call goes with it, in whatever table it is', async () => {
  const file = await tapeWith(calls(2, 10));
  const database = new Database(file);
  database.exec(`
    CREATE TABLE note (id INTEGER PRIMARY KEY, call INTEGER REFERENCES exchange (id),
      text_id INTEGER REFERENCES body (id)) STRICT;
    INSERT INTO body (hash, size, bytes) VALUES (x'01', 1, x'61'), (x'02', 1, x'62');
    INSERT INTO note (call, text_id) VALUES (1, 3), (1, 4), (2, 4);
    INSERT INTO amendment (exchange_id) VALUES (1), (2);
  `);
  database.close();
  expect(pruned(file, { filter: parseFilter('id=1'), keep: {} })).toBe(1);
  expect(ask(file, 'SELECT call FROM note')).toEqual([2]);
  expect(ask(file, 'SELECT exchange_id FROM amendment')).toEqual([2]);
  expect(ask(file, 'SELECT id FROM body ORDER BY id')).toEqual([2, 4]);
});

test('deleted secrets are gone from the file and its log', async () => {
  const secret = 'hunter2hunter2hunter2';
  const body = Buffer.concat([Buffer.from(secret), randomBytes(100_000), Buffer.from(secret)]);
  const drafts = [finished('/kept'), finished('/gone', body), finished('/kept')];
  if (drafts[1] !== undefined) drafts[1].headers = ['X-Password', secret];
  const file = await tapeWith(drafts);
  expect(readFileSync(file).includes(secret)).toBe(true);
  const reader = openTape(file);
  pruned(file, { filter: parseFilter('path:/gone'), keep: {} });
  for (const name of [file, `${file}-wal`]) expect(readFileSync(name).includes(secret)).toBe(false);
  reader.close();
});

test('a tape of the first format is migrated, pruned and made smaller', async () => {
  const file = await tapeWith(calls(100, 50_000));
  const database = new Database(file);
  database.pragma('auto_vacuum = NONE');
  database.exec('VACUUM');
  database.close();
  expect(ask(file, 'PRAGMA auto_vacuum')).toEqual([0]);
  const before = statSync(file).size;
  expect(pruned(file, { keep: { maxCalls: 10 } })).toBe(90);
  expect(statSync(file).size).toBeLessThan(before / 5);
  expect(ask(file, 'PRAGMA auto_vacuum')).toEqual([2]);
});

test('a live tape can be pruned under load, without a call lost', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording);
  let sent = 0;
  let gone = 0;
  for (let round = 0; round < 20; round += 1) {
    for (const draft of calls(200, 1000)) writer.finish(draft);
    sent += 200;
    await delay(10);
    gone += pruned(file, { keep: { maxCalls: 100 } });
  }
  await writer.close();
  expect(writer.stats).toMatchObject({ writtenCalls: sent, lostCalls: 0 });
  expect(ask(file, count)).toEqual([sent - gone]);
  expect(ask(file, 'PRAGMA integrity_check')).toEqual(['ok']);
});

test('a reader that stays lets the log grow and stops no writer; then the log is emptied', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording);
  writer.finish(finished('/first'));
  await writer.flush();
  const reader = new Database(file, { readonly: true });
  reader.exec('BEGIN');
  expect(reader.prepare(count).pluck().get()).toBe(1);
  for (let round = 0; round < 10; round += 1) {
    for (const draft of calls(200, 20_000)) writer.finish(draft);
    await writer.flush();
  }
  expect(writer.stats).toMatchObject({ writtenCalls: 2001, lostCalls: 0 });
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(30 * MB);
  expect(reader.prepare(count).pluck().get()).toBe(1);
  reader.exec('COMMIT');
  reader.close();
  while (statSync(`${file}-wal`).size > 0) await delay(20);
  await writer.close();
});
