// A disk that fills up, two recorders on one tape, a tape that is locked: real recorders, real limits.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answerer, ask, Load } from './load.ts';
import { emptyFolder, serve } from './run-cli.ts';
import { lockTape } from './tape-lock.ts';

/** A soft limit on the size of files, in KiB, that can be lifted while the program runs. */
function withRoomFor(kilobytes: number): string[] {
  // A POSIX shell counts in blocks of 512 bytes.
  return ['sh', '-c', `ulimit -S -f ${kilobytes * 2}; exec "$@"`, 'sh'];
}

function liftLimit(pid: number | undefined): void {
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:']);
}

function counts(tape: string): Record<string, number> {
  const one = (sql: string): number => Number(ask(tape, sql)[0]);
  return {
    rows: one('SELECT count(*) FROM calls'),
    lost: one('SELECT sum(lost_calls) FROM recording'),
    dropped: one('SELECT sum(dropped_bodies) FROM recording'),
  };
}

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  test('--strict refuses calls with a reason, then ends with 3 and one sentence', async () => {
    const target = await answerer(() => randomBytes(400_000));
    const folder = await emptyFolder();
    const args = ['record', target, '--port', '0', '--quiet', '--strict'];
    const recorder = await serve(args, { cwd: folder, shell: withRoomFor(1000) });
    const ended = once(recorder.child, 'close');
    let refusal: Response | null = null;
    for (let n = 0; n < 1000 && refusal === null; n += 1) {
      const response = await fetch(`${recorder.url}/${n}`);
      if (response.status === 503) refusal = response;
      else expect((await response.arrayBuffer()).byteLength).toBe(400_000);
    }
    expect(refusal?.headers.get('x-calltape-error')).toBe('RECORDER_FULL');
    expect(await refusal?.json()).toMatchObject({ error: { code: 'RECORDER_FULL' } });
    await ended;
    const { code, stderr } = await recorder.stop();
    expect(code).toBe(3);
    expect(stderr).toMatch(/^calltape: a call could not be kept on "calls\.tape" [^\n]+\n$/);
  });

  test.runIf(process.platform === 'linux')(
    'when there is room again the recorder goes on, and every call is written or counted',
    async () => {
      const target = await answerer(() => randomBytes(200_000));
      const folder = await emptyFolder();
      const args = ['record', target, '--port', '0', '--quiet'];
      const recorder = await serve(args, { cwd: folder, shell: withRoomFor(2000) });
      // Small batches find room for a while after a large one has failed: load until none does.
      const first = new Load(recorder.url, 'first', 4);
      await recorder.says('NOT KEPT');
      await first.stop();
      liftLimit(recorder.child.pid);
      const second = new Load(recorder.url, 'second', 4, 60);
      await second.done();
      await recorder.says('can be written again');
      const { code, stderr } = await recorder.stop();
      expect(code).toBe(3);
      expect([...first.statuses, ...second.statuses]).toEqual([
        [200, first.sent],
        [200, 60],
      ]);
      const { rows = 0, lost = 0 } = counts(join(folder, 'calls.tape'));
      expect(rows + lost).toBe(first.sent + 60);
      expect(rows).toBeGreaterThan(60);
      expect(stderr).toContain(`Warning: ${lost} calls could not be kept`);
      expect(ask(join(folder, 'calls.tape'), 'PRAGMA integrity_check')).toEqual(['ok']);
    },
  );
});

test('two recorders on one tape under load both keep everything', async () => {
  const target = await answerer((path) => `${path} `.repeat(300));
  const folder = await emptyFolder();
  const start = (name: string) =>
    serve(['record', target, '--port', '0', '--recording', name], { cwd: folder });
  const recorders = await Promise.all([start('one'), start('two')]);
  const loads = recorders.map(({ url }, at) => new Load(url, `r${at}`, 16, 1500));
  await Promise.all(loads.map((load) => load.done()));
  for (const recorder of recorders) {
    const { code, stderr } = await recorder.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('Recorded 1500 calls on calls.tape: 0 errors, 0 lost.');
  }
  const tape = join(folder, 'calls.tape');
  const perRecording = 'SELECT count(DISTINCT url) FROM calls GROUP BY recording';
  expect(ask(tape, perRecording)).toEqual([1500, 1500]);
  expect(counts(tape)).toEqual({ rows: 3000, lost: 0, dropped: 0 });
  expect(ask(tape, 'PRAGMA integrity_check')).toEqual(['ok']);
});

test('--on-overflow drop: traffic does not wait for a locked tape, and what it costs is counted', async () => {
  const target = await answerer(() => randomBytes(500_000));
  const folder = await emptyFolder();
  const tape = join(folder, 'calls.tape');
  const args = ['record', target, '--port', '0', '--on-overflow', 'drop'];
  const recorder = await serve(args, { cwd: folder });
  const unlock = await lockTape(tape);
  const load = new Load(recorder.url, 'r', 8, 250);
  await load.done();
  await recorder.says('could not be kept');
  await recorder.says('another program has locked');
  await unlock();
  const { code, stderr } = await recorder.stop();
  const { rows = 0, lost = 0, dropped = 0 } = counts(tape);
  expect(code).toBe(3);
  expect([rows + lost, load.sent]).toEqual([250, 250]);
  expect(dropped).toBeGreaterThan(50);
  expect(stderr).toContain(
    `Recorded ${rows} calls on calls.tape: 0 errors, ${lost} lost, ${dropped} bodies dropped.`,
  );
  const bare = 'SELECT count(*) FROM exchange WHERE dropped = 2 AND response_bytes = 500000';
  expect(ask(tape, bare)).toEqual([dropped]);
});

test('--keep-calls: a recorder deletes the oldest calls while it records', async () => {
  const target = await answerer(() => randomBytes(20_000));
  const folder = await emptyFolder();
  const args = ['record', target, '--port', '0', '--keep-calls', '100', '--keep-size', '20mb'];
  const recorder = await serve(args, { cwd: folder });
  const load = new Load(recorder.url, 'r', 8, 1000);
  await load.done();
  const tape = join(folder, 'calls.tape');
  while (counts(tape)['rows'] !== 100) await delay(20);
  while (statSync(tape).size > 4_000_000) await delay(20);
  const { code, stderr } = await recorder.stop();
  expect([code, stderr]).toEqual([0, expect.stringContaining('Recorded 1000 calls')]);
});
