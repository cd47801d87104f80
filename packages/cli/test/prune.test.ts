import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask } from './load.ts';
import { calltape, emptyFolder } from './run-cli.ts';
import { answer, call, tapeWith } from './tape-with-calls.ts';

const HOUR_MS = 3_600_000;

async function tapeOf(count: number): Promise<{ cwd: string; file: string }> {
  const cwd = await emptyFolder();
  const drafts = Array.from({ length: count }, (_, n) =>
    call(n % 2 === 0 ? `/even/${n}` : `/odd/${n}`, {
      startedAt: Date.now() - (count - n - 0.5) * HOUR_MS,
      response: answer(200, 'OK', `${n} `.repeat(5000)),
    }),
  );
  return { cwd, file: await tapeWith(cwd, drafts) };
}

test('prune says what it would delete, deletes that, and the file becomes smaller', async () => {
  const { cwd, file } = await tapeOf(100);
  const before = statSync(file).size;
  const args = ['prune', 'path:/even', '--keep', '1d'];
  const dry = await calltape([...args, '--dry-run', '--json'], { cwd });
  expect(dry.code).toBe(0);
  const would = JSON.parse(dry.stdout);
  expect(would).toEqual({
    tape: 'calls.tape',
    calls: 38,
    bytes: expect.any(Number),
    dry_run: true,
  });
  expect(dry.stderr).toMatch(/^Would delete 38 calls \([\d.]+ kB\) of calls\.tape\.\n$/);
  expect(ask(file, 'SELECT count(*) FROM calls')).toEqual([100]);

  const done = await calltape([...args, '--json'], { cwd });
  expect([done.code, JSON.parse(done.stdout)]).toEqual([
    0,
    {
      ...would,
      dry_run: false,
      file_bytes: statSync(file).size,
      freed_bytes: before - statSync(file).size,
    },
  ]);
  // Every other call stays, and with it the pages that it shares with those that go.
  expect(before - statSync(file).size).toBeGreaterThan(would.bytes * 0.4);
  expect(ask(file, "SELECT count(*) FROM calls WHERE url LIKE '%/odd/%'")).toEqual([50]);
  expect(ask(file, "SELECT count(*) FROM calls WHERE url LIKE '%/even/%'")).toEqual([12]);
});

test('prune --keep-calls and --keep-size keep the newest', async () => {
  const { cwd, file } = await tapeOf(200);
  const { code, stderr } = await calltape(['prune', '--keep-calls', '150'], { cwd });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(
      /^Deleted 50 calls \([\d.]+ [km]B\) of calls\.tape; its file went from [\d.]+ MB to [\d.]+ MB\.\n$/i,
    ),
  ]);
  expect(ask(file, 'SELECT min(id) FROM calls')).toEqual([51]);
  expect((await calltape(['prune', '--keep-size', '1mb', '--quiet'], { cwd })).code).toBe(0);
  expect(statSync(file).size).toBeLessThanOrEqual(1024 * 1024);
  expect(ask(file, 'SELECT max(id) FROM calls')).toEqual([200]);
});

test('prune of a recording that is not there names the nearest', async () => {
  const { cwd } = await tapeOf(1);
  const { code, stderr } = await calltape(['prune', '--recording', 'frist'], { cwd });
  expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "first"?')]);
});
