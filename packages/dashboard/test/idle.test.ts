import { expect, test } from 'vitest';
import { Session } from '../src/session.ts';
import { calls, finished, freshFile, record } from './tapes.ts';

const SECOND_MS = 1000;

test('calls stay in the window as long as it says, also when nothing happens', async () => {
  const file = await freshFile();
  const writer = await record(file);
  for (const parts of calls(10, () => ({ durationMs: 5 }))) writer.finish(finished(parts));
  await writer.flush();
  const now = Date.now();
  const session = new Session({ file }, now);
  const countedAfter = (seconds: number): number => {
    session.tick(now + seconds * SECOND_MS);
    return session.picture.health.all.calls;
  };
  const counted = [0, 59, 61, 120, 290, 302].map((seconds) => [seconds, countedAfter(seconds)]);
  session.close();
  await writer.close();
  expect(counted).toEqual([
    [0, 10],
    [59, 10],
    [61, 10],
    [120, 10],
    [290, 10],
    [302, 0],
  ]);
});
