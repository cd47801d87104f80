import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { newDraft, openTape, openWriter } from '@calltape/store';
import type { CallDraft, Tape, TapeWriter } from '@calltape/store';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  file = join(folder, 'calls.tape');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function complete(writer: TapeWriter, draft: CallDraft): void {
  draft.outcome = 'complete';
  draft.durationMs = 5;
  writer.finish(draft);
}

function call(writer: TapeWriter, url: string, body = ''): void {
  const draft = newDraft('POST', url);
  draft.body = { pieces: [Buffer.from(body)], size: body.length, hash: null };
  writer.begin(draft);
  complete(writer, draft);
}

async function until(tape: Tape, seen: () => boolean): Promise<void> {
  while (!seen()) {
    while (!tape.changed()) await nextTurn();
  }
}

test('a call that takes long is seen as pending, then as complete under the same id', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' }, { pendingAfterMs: 30 });
  const tape = openTape(file);
  const slow = newDraft('GET', 'http://localhost/slow');
  writer.begin(slow);
  await until(tape, () => tape.count() === 1);
  const first = tape.changes({ id: 0, amendment: 0 });
  expect(first.rows).toMatchObject([{ id: 1, outcome: 'pending', durationMs: null }]);

  call(writer, 'http://localhost/quick');
  complete(writer, slow);
  await writer.flush();
  const second = tape.changes(first.cursor);
  expect(second.rows).toMatchObject([
    { id: 1, outcome: 'complete', durationMs: 5 },
    { id: 2, outcome: 'complete' },
  ]);
  expect(tape.changes(second.cursor).rows).toEqual([]);
  expect(second.cursor).toEqual(tape.head());
  tape.close();
  await writer.close();
});

test('a call on the tape within 50 ms is never shown as pending', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  const draft = newDraft('GET', 'http://localhost/');
  writer.begin(draft);
  await delay(30);
  complete(writer, draft);
  await writer.flush();
  const tape = openTape(file);
  expect(tape.head()).toEqual({ id: 1, amendment: 0 });
  tape.close();
  await writer.close();
});

test('calls still open when the recorder stops are interrupted', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  writer.begin(newDraft('GET', 'http://localhost/'));
  await writer.close();
  const tape = openTape(file);
  expect(tape.calls()).toMatchObject([{ outcome: 'interrupted', errorType: 'RECORDER_STOPPED' }]);
  tape.close();
});

test('a long tape is followed page by page without a gap', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  for (let n = 0; n < 12_000; n += 1) call(writer, `http://localhost/${n}`);
  await writer.flush();
  const tape = openTape(file);
  const ids: number[] = [];
  let cursor = { id: 0, amendment: 0 };
  for (let page = 0; page < 3; page += 1) {
    const changes = tape.changes(cursor);
    ids.push(...changes.rows.map((row) => row.id));
    ({ cursor } = changes);
  }
  expect(ids).toEqual(Array.from({ length: 12_000 }, (_, n) => n + 1));
  expect(Array.from(tape.exchanges({ afterId: 11_800 }))).toHaveLength(200);
  const newest = Array.from(tape.exchanges({ limit: 150, order: 'desc' }), (one) => one.id);
  expect(newest).toEqual(ids.slice(-150).toReversed());
  tape.close();
  await writer.close();
});

test('equal bodies are stored once, and a body cut by the limit keeps its true size', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  for (let n = 0; n < 10; n += 1) call(writer, 'http://localhost/', 'the same every time');
  const cut = newDraft('POST', 'http://localhost/');
  cut.body = { pieces: [Buffer.from('the start')], size: 5_000_000_000, hash: Buffer.alloc(32, 7) };
  writer.begin(cut);
  complete(writer, cut);
  await writer.close();
  const tape = openTape(file);
  const body = tape.exchange(11)?.request.body;
  expect(body).toMatchObject({ size: 5_000_000_000 });
  expect(Buffer.from(body?.bytes ?? []).toString()).toBe('the start');
  tape.close();
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(file, { readonly: true });
  expect(database.prepare('SELECT count(*) FROM body').pluck().get()).toBe(2);
  database.close();
});

test('a writer that is over its bound says so, and calls back when there is room', async () => {
  const writer = await openWriter(
    file,
    { name: 'run', source: 'proxy' },
    { maxQueuedBytes: 100_000 },
  );
  for (let n = 0; n < 20; n += 1)
    call(writer, 'http://localhost/', 'x'.repeat(100_000) + String(n));
  expect(writer.full).toBe(true);
  const { promise, resolve } = Promise.withResolvers<void>();
  writer.onceDrained(resolve);
  await promise;
  expect(writer.full).toBe(false);
  await writer.flush();
  expect(writer.stats).toMatchObject({
    writtenCalls: 20,
    lostCalls: 0,
    queuedBytes: 0,
    failure: null,
  });
  await writer.close();
});

test('while another program holds the tape, calls wait; none is lost', async () => {
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  const { default: Database } = await import('better-sqlite3');
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  for (let n = 0; n < 50; n += 1) call(writer, `http://localhost/${n}`);
  const flushed = writer.flush();
  await once(AbortSignal.timeout(100), 'abort');
  expect(writer.stats.writtenCalls).toBe(0);
  other.exec('COMMIT');
  other.close();
  await flushed;
  expect(writer.stats).toMatchObject({ writtenCalls: 50, lostCalls: 0 });
  await writer.close();
});
