import { expect, it } from 'vitest';
import { parseLatency } from '@calltape/mock';
import type { Mock } from '@calltape/mock';
import { mockOf } from './mock.ts';

const STREAM = [
  {
    url: '/stream',
    answer: 'onetwothree',
    answerHeaders: ['Content-Type', 'text/event-stream', 'Transfer-Encoding', 'chunked'],
    response: { chunks: [60, 3, 120, 3, 180, 5] },
    ttfbMs: 40,
    durationMs: 200,
  },
];

interface Seen {
  readonly headMs: number;
  readonly chunks: { readonly atMs: number; readonly text: string }[];
  readonly endMs: number;
}

async function watch(mock: Mock): Promise<Seen> {
  const started = performance.now();
  const response = await fetch(`${mock.url}/stream`);
  const headMs = performance.now() - started;
  const chunks: Seen['chunks'] = [];
  for await (const piece of response.body ?? []) {
    chunks.push({ atMs: performance.now() - started, text: Buffer.from(piece).toString() });
  }
  return { headMs, chunks, endMs: performance.now() - started };
}

it('is as fast as it can by default', async () => {
  const { endMs } = await watch(await mockOf(STREAM));
  expect(endMs).toBeLessThan(120);
});

it('replays the recorded times of head, chunks and end', async () => {
  const mock = await mockOf(STREAM, { latency: parseLatency('recorded') });
  const { headMs, chunks, endMs } = await watch(mock);
  expect(headMs).toBeGreaterThanOrEqual(39);
  expect(headMs).toBeLessThan(60);
  expect(chunks.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  for (const [at, { atMs }] of chunks.entries()) {
    expect(atMs).toBeGreaterThanOrEqual(60 * (at + 1) - 1);
  }
  expect(endMs).toBeGreaterThanOrEqual(199);
});

it('stretches them, or puts a fixed delay in front', async () => {
  const stretched = await watch(await mockOf(STREAM, { latency: parseLatency('2x') }));
  expect(stretched.headMs).toBeGreaterThanOrEqual(79);
  expect(stretched.endMs).toBeGreaterThanOrEqual(399);
  const fixed = await watch(await mockOf(STREAM, { latency: parseLatency('90ms') }));
  expect(fixed.headMs).toBeGreaterThanOrEqual(89);
  expect(fixed.endMs - fixed.headMs).toBeLessThan(80);
});

it('takes as long as 95 in 100 answers of the endpoint did', async () => {
  // 20 calls of one endpoint: the 19th slowest is the 95th percentile. Another endpoint is slower.
  const calls = Array.from({ length: 20 }, (_, at) => {
    const ttfbMs = at === 19 ? 5_000 : (at + 1) * 5;
    return { url: `/items/${at + 1}`, answer: 'x', ttfbMs, durationMs: ttfbMs };
  });
  const other = { url: '/other', answer: 'y', ttfbMs: 2_000, durationMs: 2_000 };
  const mock = await mockOf([...calls, other], { latency: parseLatency('p95') });
  const started = performance.now();
  expect(await (await fetch(`${mock.url}/items/1`)).text()).toBe('x');
  const tookMs = performance.now() - started;
  expect(tookMs).toBeGreaterThanOrEqual(94);
  expect(tookMs).toBeLessThan(1_000);
});
