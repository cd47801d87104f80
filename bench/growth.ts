// How the cost of a recorded call grows with connections, with the size of bodies and with the tape:
//   node bench/growth.ts [--quick]
// A cost that stays flat is what is wanted; per byte for bodies.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newDraft, openWriter } from '@calltape/store';
import type { TapeWriter } from '@calltape/store';
import { here, load, median, start } from './contender.ts';
import type { Contender, Load, Measured } from './contender.ts';
import { beside, table } from './markdown.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const CONNECTIONS = [1, 32, 256, 1000];
const SIZES = [200, 2000, 20_000, 200_000, 1_000_000];
const CALLS = values.quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
const ROUNDS = values.quick ? 1 : 3;
const MILLISECONDS = values.quick ? 1000 : 2000;
const WARM_UP_MS = values.quick ? 1000 : 1500;
const USUAL: Load = { size: 2000, connections: 32, milliseconds: MILLISECONDS };

async function recorderOn(tape: string, upstream: Contender): Promise<Contender> {
  const bin = here('../packages/cli/bin/calltape.js');
  return await start([bin, 'record', upstream.url, '--port', '0', '--tape', tape, '--quiet']);
}

function grouped(figure: number): string {
  return figure.toLocaleString('en-US');
}

/** The median processor time of a call; the rest is told as it comes. */
function tell(what: string, rounds: readonly Measured[]): string {
  const of = (figure: keyof Measured): number => median(rounds.map((one) => one[figure]));
  console.log(
    `${what.padEnd(22)} CPU per call ${of('cpuUs').toFixed(0).padStart(5)} us, ${of('perSecond').toFixed(0)} calls/s, p50 ${of('p50').toFixed(2)} ms, p99 ${of('p99').toFixed(1)} ms`,
  );
  return of('cpuUs').toFixed(0);
}

/** One recorder under one load after the other, the rounds interleaved. */
async function column(
  upstream: Contender,
  folder: string,
  unit: string,
  loads: ReadonlyMap<number, Partial<Load>>,
): Promise<string[][]> {
  const tape = join(folder, 'growth.tape');
  const recorder = await recorderOn(tape, upstream);
  await load(recorder, { ...USUAL, milliseconds: WARM_UP_MS });
  const measured = new Map<number, Measured[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [value, changed] of loads) {
      const rounds = measured.get(value) ?? [];
      rounds.push(await load(recorder, { ...USUAL, ...changed }));
      measured.set(value, rounds);
    }
  }
  const peak = recorder.peakMb().toFixed(0);
  await recorder.stop();
  rmSync(tape);
  const rows = [...measured].map(([value, rounds]) => [
    grouped(value),
    tell(`${grouped(value)} ${unit}`, rounds),
  ]);
  console.log(`${''.padEnd(22)} memory at most ${peak} MB`);
  return rows;
}

/** One call as a recorder would hand it over, with an id and a body of its own. */
function finishCall(writer: TapeWriter, n: number): void {
  const draft = newDraft('GET', `http://127.0.0.1:1/v1/things/${n}`);
  const content = Buffer.from(`{"id":${n},"text":"${'x'.repeat(200)}"}`);
  draft.headers = ['Host', '127.0.0.1:1', 'Accept', '*/*'];
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

async function fill(tape: string, from: number, to: number): Promise<void> {
  const writer = await openWriter(tape, { name: 'filled', source: 'proxy' });
  for (let n = from + 1; n <= to; n += 1) {
    finishCall(writer, n);
    if (writer.full) {
      await new Promise<void>((resolve) => {
        writer.onceDrained(resolve);
      });
    }
  }
  await writer.close();
}

/** Each round on a copy of its own: what the load adds must not count for the next one. */
async function tapeColumn(upstream: Contender, folder: string): Promise<string[][]> {
  const [filled, copy] = [join(folder, 'filled.tape'), join(folder, 'copy.tape')];
  const rows: string[][] = [];
  let onTape = 0;
  for (const calls of CALLS) {
    await fill(filled, onTape, calls);
    onTape = calls;
    const rounds: Measured[] = [];
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      copyFileSync(filled, copy);
      const recorder = await recorderOn(copy, upstream);
      await load(recorder, { ...USUAL, milliseconds: WARM_UP_MS });
      rounds.push(await load(recorder, USUAL));
      starts.push(recorder.startMs);
      await recorder.stop();
      rmSync(copy);
    }
    rows.push([grouped(calls), tell(`${grouped(calls)} on the tape`, rounds)]);
    console.log(`${''.padEnd(22)} from start to listening ${median(starts).toFixed(0)} ms`);
  }
  return rows;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-growth-'));
  const upstream = await start([here('upstream.ts')]);
  console.log(`Node ${process.version}, medians of ${ROUNDS} x ${MILLISECONDS} ms\n`);
  const connections = await column(
    upstream,
    folder,
    'connections',
    new Map(CONNECTIONS.map((count) => [count, { connections: count }])),
  );
  const sizes = await column(upstream, folder, 'B', new Map(SIZES.map((size) => [size, { size }])));
  const tapes = await tapeColumn(upstream, folder);
  await upstream.stop();
  rmSync(folder, { recursive: true });
  const columns = [
    [['connections', 'µs'], ...connections],
    [['body, bytes', 'µs'], ...sizes],
    [['calls on the tape', 'µs'], ...tapes],
  ];
  console.log(`\n${table(beside(...columns), [])}`);
}

await main();
