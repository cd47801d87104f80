// How long a call through nock takes: answered from a tape, and by plain nock with an interceptor for each
// recording:
//   node bench/nock.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playWithNock } from '@calltape/mock/nock';
import { newDraft, openWriter } from '@calltape/store';
import nock from 'nock';
import { table } from './markdown.ts';

const ORIGIN = 'https://api.example.com';
/** The first one only warms up. */
const COUNTS = [500, 10, 500, 5000];
const CALLS = 60;
const WARM_UP = 150;

function contentOf(n: number): string {
  return `{"id":${n},"text":"${'x'.repeat(200)}"}`;
}

async function fill(tape: string, count: number): Promise<void> {
  const writer = await openWriter(tape, { name: 'filled', source: 'proxy' });
  for (let n = 1; n <= count; n += 1) {
    const draft = newDraft('GET', `${ORIGIN}/v1/things/${n}`);
    const content = Buffer.from(contentOf(n));
    draft.outcome = 'complete';
    draft.durationMs = 1;
    draft.response = {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: ['content-type', 'application/json', 'content-length', String(content.length)],
      body: { pieces: [content], size: content.length, hash: null },
      trailers: [],
      interim: [],
      chunks: [],
    };
    writer.finish(draft);
  }
  await writer.close();
}

function intercept(count: number): void {
  for (let n = 1; n <= count; n += 1) {
    nock(ORIGIN)
      .persist()
      .get(`/v1/things/${n}`)
      .reply(200, contentOf(n), { 'content-type': 'application/json' });
  }
}

/** Milliseconds of one call to the answer's last byte; throws for a wrong answer. */
async function timed(n: number): Promise<number> {
  const startedAt = performance.now();
  const text = await (await fetch(`${ORIGIN}/v1/things/${n}`)).text();
  const elapsed = performance.now() - startedAt;
  if (text !== contentOf(n)) throw new Error(`Wrong answer for ${n}: ${text}`);
  return elapsed;
}

/** The median over calls that are spread over all recordings, and that of the last recording. */
async function measure(count: number): Promise<{ spread: number; last: number }> {
  const spread: number[] = [];
  const last: number[] = [];
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    const n = 1 + ((call * 7919) % count);
    const times = [await timed(n), await timed(count)] as const;
    if (call < WARM_UP) continue;
    spread.push(times[0]);
    last.push(times[1]);
  }
  return { spread: middle(spread), last: middle(last) };
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

const folder = mkdtempSync(join(tmpdir(), 'calltape-nock-'));
const rows = [['recordings', 'plain nock', 'the last one', 'from a tape', 'the last one', 'ratio']];
for (const [round, count] of COUNTS.entries()) {
  const tape = join(folder, `${count}.tape`);
  await fill(tape, count);
  const play = playWithNock(tape);
  const ours = await measure(count);
  play.restore();
  intercept(count);
  const plain = await measure(count);
  nock.cleanAll();
  if (round === 0) continue;
  rows.push([
    count.toLocaleString('en-US'),
    ...[plain.spread, plain.last, ours.spread, ours.last].map((ms) => `${ms.toFixed(2)} ms`),
    `${(plain.last / ours.last).toFixed(1)} x`,
  ]);
}
rmSync(folder, { recursive: true });
console.log(`Node ${process.version}, nock 15, medians of ${CALLS} calls by fetch\n`);
console.log(table(rows));
