import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFindingWriter, openTape, openWriter, type Finding, type Tape } from '@calltape/store';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

const REMOVED: Finding = {
  method: 'GET',
  origin: 'https://api.test',
  template: '/v1/things/{thing}',
  direction: 'response',
  status: 200,
  location: '/price',
  kind: 'field-removed',
  severity: 'warning',
  was: 'mostly present',
  is: 'absent',
  before: { count: 1, of: 20 },
  after: { count: 10, of: 10 },
  chance: 0.002,
  phrase: '1 in 500 by chance',
  firstSeen: 1_763_956_108_123,
  examples: [
    { side: 'before', id: 1 },
    { side: 'after', id: 21 },
  ],
};
const ADDED: Finding = { ...REMOVED, location: '', kind: 'endpoint-added', status: null };

async function emptyTape(): Promise<Tape> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'calls.tape');
  await (await openWriter(file, { name: 'first', source: 'proxy' })).close();
  const tape = openTape(file);
  onTestFinished(() => tape.close());
  return tape;
}

test('a finding is one row, which gets new figures, until another follower finds it no more', async () => {
  const tape = await emptyTape();
  const writer = openFindingWriter(tape.file);
  onTestFinished(() => writer.close());
  writer.put([REMOVED, ADDED, ADDED]);
  const [first, second, ...others] = tape.findings();
  expect([first, second, others]).toEqual([
    { ...REMOVED, id: 1, foundAt: expect.closeTo(Date.now(), -4) },
    { ...ADDED, id: 2, foundAt: first?.foundAt },
    [],
  ]);
  const worse = { ...REMOVED, severity: 'breaking', after: { count: 30, of: 30 }, chance: 1e-9 };
  writer.put([worse]);
  expect(tape.findings()).toEqual([{ ...first, ...worse }, second]);
  expect(tape.findingCounts()).toEqual({ breaking: 1, warning: 1, info: 0 });
  writer.replace([worse]);
  expect(tape.findings()).toEqual([{ ...first, ...worse }]);
  writer.replace([]);
  expect(tape.findings()).toEqual([]);
});

test('a tape that stays locked is left as it is, and said to be', async () => {
  const tape = await emptyTape();
  const writer = openFindingWriter(tape.file);
  onTestFinished(() => writer.close());
  const other = new Database(tape.file);
  other.exec('BEGIN IMMEDIATE');
  expect(() => writer.put([REMOVED])).toThrow(expect.objectContaining({ code: 'TAPE_BUSY' }));
  other.close();
  writer.put([REMOVED]);
  expect(tape.findings()).toHaveLength(1);
});
