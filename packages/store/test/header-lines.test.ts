import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newDraft, openPruner, openTape, openWriter, parseFilter } from '@calltape/store';
import type { CallDraft, FlatHeaders, Retention } from '@calltape/store';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { APPLICATION_ID, MIGRATIONS } from '../src/schema.ts';
import { ask, finished, ownTape } from './own-tape.ts';
import { requestHead, responseHead } from './real-heads.ts';

const recording = { name: 'run', source: 'proxy' } as const;

/** Rows of header_line whose count is not that of the places that refer to them. */
const MISCOUNTED = `SELECT l.id FROM header_line AS l WHERE l.uses <> (
  SELECT count(*) FROM exchange AS x, json_each(json_array(
    json(x.request_headers), json(coalesce(x.response_headers, '[]')))) AS cell,
    json_each(cell.value) AS n WHERE n.type = 'integer' AND n.value = l.id)`;

/** Places that refer to a row that is not there. */
const DANGLING = `SELECT x.id FROM exchange AS x, json_each(x.request_headers) AS n
  WHERE n.type = 'integer' AND n.value NOT IN (SELECT id FROM header_line)`;

function expectSound(file: string): void {
  expect(ask(file, MISCOUNTED)).toEqual([]);
  expect(ask(file, DANGLING)).toEqual([]);
  expect(ask(file, 'PRAGMA integrity_check')).toEqual(['ok']);
}

function call(path: string, headers: FlatHeaders): CallDraft {
  const draft = finished(path);
  draft.headers = headers;
  return draft;
}

async function record(file: string, drafts: readonly CallDraft[], keep: Retention = {}) {
  const writer = await openWriter(file, recording, { redact: false, keep });
  for (const draft of drafts) writer.finish(draft);
  await writer.close();
  expect(writer.stats.lostCalls).toBe(0);
}

function prune(file: string, filter: string): void {
  const pruner = openPruner(file);
  const request = { keep: {}, filter: parseFilter(filter) };
  for (const _ of pruner.run(pruner.plan(request), request));
  expect(pruner.emptyLog()).toBe(true);
  pruner.close();
}

function linesOf(flat: FlatHeaders): string[][] {
  return Array.from({ length: flat.length / 2 }, (_, n) => flat.slice(2 * n, 2 * n + 2));
}

test.each<[string, FlatHeaders]>([
  ['no lines', []],
  ['one line', ['A', 'b']],
  ['lines of one name, and the same line twice', ['A', '1', 'a', '2', 'A', '1', 'A', '1']],
  ['an empty value and an empty name', ['A', '', '', 'a', '', '']],
  [
    'obs-text, quotes and what is no text',
    ['X', 'caf\u00e9 \u{1F600} "\\" \u0000 \u0001', 'ÿ', 'ÿ'],
  ],
  ['names and values like numbers and JSON', ['12', '1', '1', '12', '["a"]', '[1]', 'null', '{}']],
  ['a value of 100 KB', ['Cookie', 'x'.repeat(100_000), 'A', 'b']],
  ['names of the prototype', ['__proto__', 'constructor', 'constructor', '__proto__']],
])('%s come back, in every call that has them', async (_name, headers) => {
  const file = ownTape();
  await record(
    file,
    Array.from({ length: 4 }, (_, n) => call(`/${n}`, headers)),
  );
  const tape = openTape(file);
  for (const { request } of tape.exchanges()) expect(request.headers).toEqual(linesOf(headers));
  expect([...tape.exchanges()]).toHaveLength(4);
  tape.close();
  expectSound(file);
});

test('a line of several calls is on the tape twice, others once, a very long one each time', async () => {
  const file = ownTape();
  const long = 'x'.repeat(20_000);
  const heads = ['1', '2', '3', '4'].map((n) => [
    'X-Same',
    'same words',
    'X-Id',
    n,
    'X-Long',
    long,
  ]);
  await record(
    file,
    heads.map((headers) => call('/', headers)),
  );
  const bytes = readFileSync(file).toString('latin1');
  expect(bytes.split('same words')).toHaveLength(3);
  expect(ask(file, 'SELECT name FROM header_line')).toEqual(
    expect.not.arrayContaining(['X-Id', 'X-Long']),
  );
});

test('a recording knows the lines of the one before', async () => {
  const file = ownTape();
  const drafts = [1, 2, 3].map(() => call('/', ['X-Same', 'same words']));
  for (let n = 0; n < 3; n += 1) await record(file, drafts);
  expect(ask(file, "SELECT uses FROM header_line WHERE name = 'X-Same'")).toEqual([8]);
});

test('filters look into lines that calls share, and into those of their own', async () => {
  const file = ownTape();
  const drafts = [1, 2, 3, 4, 5, 6].map((n) => {
    const draft = call(`/${n}`, ['X-Parity', n % 2 === 0 ? 'even' : 'odd', 'X-Own', `${n}`]);
    const text = Buffer.from(JSON.stringify({ n }));
    Object.assign(draft.response ?? {}, {
      headers: ['Content-Type', 'application/json; charset=utf-8'],
      body: { pieces: [text], size: text.length, hash: null },
    });
    return draft;
  });
  await record(file, drafts);
  const tape = openTape(file);
  const matching = (text: string): number[] =>
    tape.calls({ filter: parseFilter(text) }).map(({ id }) => id);
  expect(matching('header.x-parity:even')).toEqual([2, 4, 6]);
  expect(matching('header.x-parity!=even')).toEqual([1, 3, 5]);
  expect(matching('header.x-own>=4')).toEqual([4, 5, 6]);
  expect(matching('req.header.x-parity')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(matching('res.header.x-parity')).toEqual([]);
  expect(matching('type=application/json')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(matching('~h "X-Parity: odd"')).toEqual([1, 3, 5]);
  expect(matching('res.body:5')).toEqual([5]);
  tape.close();
});

test('what only pruned calls had is gone from the file', async () => {
  const file = ownTape();
  const drafts = ['/a', '/b'].flatMap((path) =>
    [1, 2, 3].map(() => call(path, ['Accept', '*/*', `X-Of${path}`, `only-in${path}`])),
  );
  await record(file, drafts);
  prune(file, 'path:/b');
  expectSound(file);
  const bytes = readFileSync(file).toString('latin1');
  expect(bytes).toContain('only-in/a');
  expect(bytes).not.toContain('only-in/b');
  await record(file, drafts);
  const tape = openTape(file);
  expect(tape.exchange(12)?.request.headers).toEqual(linesOf(drafts[5]?.headers ?? []));
  tape.close();
  expectSound(file);
  prune(file, '');
  expect(ask(file, 'SELECT count(*) FROM header_line')).toEqual([0]);
});

test('a line that another program deletes meanwhile is written anew', async () => {
  const file = ownTape();
  const [one, other] = [await openWriter(file, recording), await openWriter(file, recording)];
  const headers = ['Accept', '*/*', 'X-Same', 'same words'];
  for (let round = 0; round < 3; round += 1) {
    for (const writer of [one, other]) {
      for (let n = 0; n < 3; n += 1) writer.finish(call(`/${n}`, headers));
    }
    await Promise.all([one.flush(), other.flush()]);
    const tape = openTape(file);
    for (const { request } of tape.exchanges()) expect(request.headers).toEqual(linesOf(headers));
    expect(tape.count()).toBe(6);
    tape.close();
    expectSound(file);
    prune(file, '');
    expect(ask(file, 'SELECT count(*) FROM header_line')).toEqual([0]);
  }
  await Promise.all([one.close(), other.close()]);
});

test('counts stay right while calls are completed and the oldest are deleted', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, {
    pendingAfterMs: 1,
    keep: { maxCalls: 50 },
  });
  const open = [1, 2, 3].map(() => {
    const draft = newDraft('GET', 'http://localhost/slow');
    draft.startedAt -= 100;
    draft.headers = requestHead();
    writer.begin(draft);
    return draft;
  });
  for (let n = 0; n < 300; n += 1) {
    const draft = call(`/${n}`, requestHead());
    if (draft.response !== null) draft.response.headers = responseHead(n, 0);
    writer.finish(draft);
    if (n % 100 === 0) await writer.flush();
  }
  while (Number(ask(file, 'SELECT count(*) FROM calls')[0]) > 50) await writer.flush();
  for (const draft of open) {
    draft.outcome = 'complete';
    writer.finish(draft);
  }
  await writer.close();
  expect(ask(file, "SELECT outcome FROM calls WHERE url LIKE '%/slow'")).toContain('complete');
  expectSound(file);
});

test('a recorder that is killed leaves heads and bodies whole', async () => {
  const file = ownTape();
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('./endless-recorder.ts', import.meta.url)),
    file,
  ]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const tape = openTape(file);
  let calls = 0;
  for (const { request } of tape.exchanges()) {
    expect(request.headers[2]).toEqual(['X-Own', String(calls)]);
    expect(request.body.bytes).toEqual(Buffer.alloc(10_000, String(calls)));
    calls += 1;
  }
  tape.close();
  expect(calls).toBeGreaterThanOrEqual(100);
  expectSound(file);
});

test('a tape of the format before is read, filtered, recorded onto and pruned', async () => {
  const file = ownTape();
  const old = new Database(file);
  for (const migration of MIGRATIONS.slice(0, 6)) old.exec(migration);
  old.pragma(`application_id = ${APPLICATION_ID}`);
  old.pragma('user_version = 6');
  old.exec(`INSERT INTO recording (name, source, started_at, ended_at) VALUES ('old', 'proxy', 1, 2);
    INSERT INTO endpoint (method, origin, template) VALUES ('GET', 'http://localhost', '/');
    INSERT INTO body (hash, size, bytes) VALUES (x'00', 10000, zeroblob(10000));
    INSERT INTO exchange (recording_id, endpoint_id, started_at, outcome, url, http_version,
      request_headers, request_bytes, request_body_id)
    VALUES (1, 1, 1, 'complete', 'http://localhost/', '1.1', '["X-Same","a","12","b"]', 10000, 1);
    INSERT INTO message (exchange_id, direction, at_ms, kind, size, wire_size, bytes)
    VALUES (1, 'sent', 1, 'text', 2, 2, x'6869');`);
  old.close();
  await record(
    file,
    [1, 2, 3].map(() => call('/', ['X-Same', 'a', '12', 'b'])),
  );
  const tape = openTape(file);
  expect(tape.exchange(1)?.request.body.bytes).toEqual(Buffer.alloc(10_000));
  // A table that is made anew takes nothing with it that refers to it.
  expect(tape.recordings()[0]).toMatchObject({ id: 1, name: 'old', source: 'proxy', endedAt: 2 });
  expect(tape.messages(1)).toHaveLength(1);
  for (const { request } of tape.exchanges()) {
    expect(request.headers).toEqual([
      ['X-Same', 'a'],
      ['12', 'b'],
    ]);
  }
  expect(tape.count({ filter: parseFilter('header.x-same=a') })).toBe(4);
  tape.close();
  expectSound(file);
  prune(file, '');
  expect(ask(file, 'SELECT count(*) FROM header_line')).toEqual([0]);
});
