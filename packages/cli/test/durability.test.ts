// What is on the tape when a recorder is killed in the middle of its work: the promise, put to the
// test with real processes, real signals and real load.

import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { answerer, ask, Load, pathsOn } from './load.ts';
import { emptyFolder, serve, type Server } from './run-cli.ts';

const ROUNDS = 4;
const PENDING = "SELECT count(*) FROM calls WHERE outcome = 'pending'";

async function kill(recorder: Server): Promise<number> {
  const exited = once(recorder.child, 'exit');
  const at = performance.now();
  recorder.child.kill('SIGKILL');
  await exited;
  return at;
}

/** Records under load onto one tape, killed once so many calls were answered; round after round. */
async function killed(flags: readonly string[], graceMs: number): Promise<number> {
  const folder = await emptyFolder();
  const tape = join(folder, 'calls.tape');
  const target = await answerer((path) => (path === '/hang' ? null : `${path} `.repeat(200)));
  let owed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const args = ['record', target, '--port', '0', '--quiet', ...flags];
    const recorder = await serve(args, { cwd: folder });
    const load = new Load(recorder.url, `r${round}`, 16);
    fetch(`${recorder.url}/hang`).catch(() => undefined);
    await load.seen(150 + round * 100);
    while (ask(tape, PENDING)[0] === 0) await delay(5);
    const killedAt = await kill(recorder);
    await load.done();
    expect(ask(tape, 'PRAGMA integrity_check')).toEqual(['ok']);
    const kept = pathsOn(tape);
    const promised = [...load.ended].filter(([, endedAt]) => endedAt < killedAt - graceMs);
    owed += promised.length;
    expect(promised.filter(([path]) => !kept.has(path))).toEqual([]);
  }
  const last = await serve(['record', target, '--port', '0', '--quiet'], { cwd: folder });
  expect(ask(tape, PENDING)).toEqual([0]);
  expect(ask(tape, "SELECT count(*) FROM calls WHERE outcome = 'interrupted'")).toEqual([ROUNDS]);
  expect((await last.stop()).code).toBe(0);
  expect(ask(tape, 'SELECT count(*) FROM recording WHERE ended_at IS NULL')).toEqual([0]);
  return owed;
}

test('what was answered 100 ms before a recorder is killed is on the tape', async () => {
  expect(await killed([], 100)).toBeGreaterThan(100);
});

test('--durable: what was answered at all is on the tape', async () => {
  expect(await killed(['--durable'], 0)).toBeGreaterThan(ROUNDS * 150);
});
