// Recording throughput, added latency and memory, side by side with others in the same run:
//   node bench/proxy.ts [ROUNDS] [--quick] [--peers]
// Every figure stands beside a reference measured in the same round; quote the ratios.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTape } from '@calltape/store';
import { here, median, start } from './contender.ts';
import type { Contender, Measured } from './contender.ts';
import { table } from './markdown.ts';
import { startMitmdump } from './peers/mitmdump.ts';
import { startMockoon } from './peers/mockoon.ts';
import { Runner } from './runner.ts';
import type { Entry } from './runner.ts';
import { timesOf } from './times.ts';

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const ROUNDS = Number(positionals[0] ?? (values.quick ? 1 : 5));
const CONNECTIONS = 32;
const ROUND_MS = values.quick ? 1000 : 3000;
const IDLE_MS = values.quick ? 5000 : 20_000;
const SIZES = [200, 2000, 50_000];
const RATES = [200, 1000];
const SLOW_RATE = 200;

interface Field {
  readonly upstream: Contender;
  readonly reference: Runner;
  readonly recorder: Runner;
  /** All that are measured; the reference comes first, and the recorder next. */
  readonly all: readonly Runner[];
}

/** The reference and the recorder come one after the other; every other round goes the other way about. */
async function inTurn<Figure>(
  round: number,
  runners: readonly Runner[],
  measure: (runner: Runner) => Promise<Figure>,
  into: Map<Runner, Figure[]>,
): Promise<void> {
  for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
    const figures = into.get(runner) ?? [];
    figures.push(await measure(runner));
    into.set(runner, figures);
  }
}

async function throughput({ all, reference }: Field): Promise<void> {
  for (const size of SIZES) {
    const what = { size, connections: CONNECTIONS, milliseconds: ROUND_MS };
    const measured = new Map<Runner, Measured[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await inTurn(round, all, async (runner) => await runner.load(what), measured);
    }
    const of = (runner: Runner, figure: keyof Measured): number[] =>
      (measured.get(runner) ?? []).map((one) => one[figure]);
    const rows = all.map((runner) => [
      runner.entry.name,
      median(of(runner, 'perSecond')).toFixed(0),
      timesOf(of(runner, 'perSecond'), of(reference, 'perSecond')),
      median(of(runner, 'cpuUs')).toFixed(0),
      median(of(runner, 'p50')).toFixed(2),
      median(of(runner, 'p99')).toFixed(1),
    ]);
    const heading = [
      `bodies of ${size} B`,
      'calls/s',
      'x http-proxy',
      'CPU µs',
      'p50 ms',
      'p99 ms',
    ];
    console.log(`\n${table([heading, ...rows])}`);
  }
}

async function latency({ all, upstream, reference }: Field): Promise<void> {
  for (const perSecond of RATES) {
    const what = { size: 2000, connections: CONNECTIONS, milliseconds: ROUND_MS, perSecond };
    const taking = all.filter(({ entry }) => entry.slow !== true || perSecond <= SLOW_RATE);
    const direct = new Runner({ name: 'direct', contender: upstream });
    const added = new Map<Runner, { p50: number; p99: number }[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const without = await direct.load(what);
      const add = async (runner: Runner): Promise<{ p50: number; p99: number }> => {
        const { p50, p99 } = await runner.load(what);
        return { p50: p50 - without.p50, p99: p99 - without.p99 };
      };
      await inTurn(round, taking, add, added);
    }
    const of = (runner: Runner, figure: 'p50' | 'p99'): number[] =>
      (added.get(runner) ?? []).map((one) => one[figure]);
    const rows = taking.map((runner) => {
      const cells = (['p50', 'p99'] as const).flatMap((figure) => [
        median(of(runner, figure)).toFixed(2),
        timesOf(of(runner, figure), of(reference, figure)),
      ]);
      return [runner.entry.name, ...cells];
    });
    const heading = [`added at ${perSecond} calls/s`, 'p50 ms', 'x http-proxy', 'p99 ms'];
    console.log(`\n${table([[...heading, 'x http-proxy'], ...rows])}`);
  }
}

async function memory({ all }: Field): Promise<void> {
  await Promise.all(all.map(async (runner) => await runner.rest(IDLE_MS)));
  const after = `${IDLE_MS / 1000} s after`;
  const heading = ['memory, MB', 'start ms', 'before the load', 'at most', after];
  console.log(`\n${table([heading, ...all.map((runner) => runner.memory())])}`);
}

/** Counts what each has in its file; the tape has to hold exactly what was sent. */
async function kept({ all, recorder }: Field): Promise<void> {
  const rows: string[][] = [];
  for (const runner of all) {
    const row = await runner.kept();
    if (row !== undefined) rows.push(row);
    if (runner === recorder && row?.[1] !== row?.[2]) {
      throw new Error(`${row?.[2]} calls are on the tape, and ${row?.[1]} were sent`);
    }
  }
  console.log(`\n${table([['in its file', 'sent', 'stored', 'bytes a call'], ...rows])}`);
}

/** Those that can be had on this machine; the others are named. */
async function peersOf(upstream: Contender, folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const startPeer of [startMockoon, startMitmdump]) {
    try {
      entries.push({ ...(await startPeer(upstream.url, folder)), slow: true });
    } catch (error) {
      console.log(error instanceof Error ? error.message : error);
    }
  }
  return entries;
}

async function enter(folder: string): Promise<Field> {
  const file = join(folder, 'calls.tape');
  const upstream = await start([here('upstream.ts')]);
  const quiet = '--disable-warning=DEP0060';
  const bare = await start([quiet, here('contenders/http-proxy.ts'), upstream.url]);
  const bin = here('../packages/cli/bin/calltape.js');
  const flags = ['--port', '0', '--tape', file, '--quiet'];
  const ours = await start([bin, 'record', upstream.url, ...flags]);
  const mockttp = await start([here('contenders/mockttp.ts'), upstream.url]);
  const reference = new Runner({ name: 'http-proxy 1.18.1, records nothing', contender: bare });
  const count = (): number => openTape(file).count();
  const recorder = new Runner({ name: 'calltape', contender: ours, file, count });
  const others: Entry[] = [
    { name: 'mockttp 4.6.5, in memory', contender: mockttp, mayFail: true },
    ...(values.peers ? await peersOf(upstream, folder) : []),
  ];
  const all = [reference, recorder, ...others.map((entry) => new Runner(entry))];
  return { upstream, reference, recorder, all };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
  const field = await enter(folder);
  const { all, upstream } = field;
  console.log(
    `Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`,
  );
  try {
    for (const runner of all) await runner.check(upstream.url, SIZES);
    await latency(field);
    await throughput(field);
    await memory(field);
  } finally {
    await Promise.all([...all.map(({ entry }) => entry.contender.stop()), upstream.stop()]);
  }
  await kept(field);
  rmSync(folder, { recursive: true });
}

await main();
