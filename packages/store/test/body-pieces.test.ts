import { hash, randomBytes } from 'node:crypto';
import { openPruner, openTape, openWriter } from '@calltape/store';
import { expect, test } from 'vitest';
import { ask, finished, ownTape } from './own-tape.ts';

const recording = { name: 'run', source: 'proxy' } as const;
const SIZES = [0, 1, 3999, 4000, 4001, 5999, 6000, 6001, 10_240, 16_384, 25_999, 26_000, 26_001];
const LARGE_SIZES = [1_048_576, 1_048_577, 10 * 1_048_576, 10 * 1_048_576 + 1];

async function tapeOf(bodies: readonly Buffer[]): Promise<string> {
  const file = ownTape();
  const writer = await openWriter(file, recording, { redact: false });
  for (const body of bodies) writer.finish(finished('/', body));
  await writer.close();
  return file;
}

test.each([...SIZES, ...LARGE_SIZES])('a body of %i bytes comes back as it was', async (size) => {
  // All values of a byte, zeros and what is no UTF-8 among them.
  const body = randomBytes(size);
  const file = await tapeOf([body, body]);
  expect(ask(file, 'SELECT count(*) FROM body')).toEqual([size === 0 ? 0 : 1]);
  const tape = openTape(file);
  for (const { response } of tape.exchanges()) {
    expect(Buffer.from(response?.body.bytes ?? []).equals(body)).toBe(true);
  }
  tape.close();
});

test('pieces go with their body', async () => {
  const bodies = SIZES.map((size) => randomBytes(size));
  const file = await tapeOf(bodies);
  expect(Number(ask(file, 'SELECT count(*) FROM body_piece')[0])).toBeGreaterThan(30);
  const pruner = openPruner(file);
  const plan = pruner.plan({ keep: {} });
  // Heads count too.
  expect(plan.bytes).toBeGreaterThanOrEqual(bodies.reduce((sum, { length }) => sum + length, 0));
  for (const _ of pruner.run(plan, { keep: {} }));
  pruner.close();
  expect(ask(file, 'SELECT count(*) FROM body_piece')).toEqual([0]);
});

test.each([
  [1000, 10_000],
  [5000, 20_000],
  [10_000, 50_000],
  [50_000, 1_500_000],
  [1_500_000, 1_600_000],
])('a copy of %i bytes gives way to a longer one of %i', async (shorter, longer) => {
  const file = ownTape();
  const whole = randomBytes(1_700_000);
  const writer = await openWriter(file, recording, { redact: false });
  for (const length of [shorter, longer, shorter]) {
    const draft = finished('/');
    Object.assign(draft.response ?? {}, {
      body: {
        pieces: [whole.subarray(0, length)],
        size: whole.length,
        hash: hash('sha256', whole, 'buffer'),
      },
    });
    writer.finish(draft);
  }
  await writer.close();
  expect(ask(file, 'SELECT count(*) FROM body')).toEqual([1]);
  const tape = openTape(file);
  for (const { response } of tape.exchanges()) {
    expect(Buffer.from(response?.body.bytes ?? []).equals(whole.subarray(0, longer))).toBe(true);
  }
  tape.close();
});
