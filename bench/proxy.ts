// Recording throughput and added latency, side by side with others in the same run:
//   node bench/proxy.ts [ROUNDS] [--quick]
// Every figure stands beside a reference measured in the same round; quote the ratios.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTape } from '@calltape/store';
import { here, load, median, start } from './contender.ts';
import type { Contender, Measured } from './contender.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const ROUNDS = Number(positionals[0] ?? (values.quick ? 1 : 5));
const CONNECTIONS = 32;
const ROUND_MS = values.quick ? 1000 : 3000;
const SIZES = [200, 2000, 50_000];
const RATES = [200, 1000];

interface Field {
  readonly upstream: Contender;
  readonly reference: Contender;
  readonly mockttp: Contender;
  readonly recorder: Contender;
}

async function checkRight(upstream: Contender, through: Contender): Promise<void> {
  for (const size of SIZES) {
    const [want, got] = await Promise.all(
      [upstream, through].map(async ({ url }) => (await fetch(`${url}/${size}/check`)).text()),
    );
    if (want !== got || want?.length !== size) throw new Error(`${through.url} changes the body`);
  }
}

function ratio(ours: readonly Measured[], reference: readonly Measured[]): string {
  const each = ours.map((one, round) => one.perSecond / (reference[round]?.perSecond ?? 1));
  return `${median(each).toFixed(2)} x`;
}

function cpu(measured: readonly Measured[]): string {
  return `${median(measured.map(({ cpuUs }) => cpuUs)).toFixed(0)} us`;
}

function p99(measured: readonly Measured[]): string {
  return `${median(measured.map((one) => one.p99)).toFixed(1)} ms`;
}

async function throughput({ reference, mockttp, recorder }: Field): Promise<number> {
  let sent = 0;
  for (const size of SIZES) {
    const what = { size, connections: CONNECTIONS, milliseconds: ROUND_MS };
    const [bare, other, ours]: Measured[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare?.push(await load(reference, what));
      ours?.push(await load(recorder, what));
      other?.push(await load(mockttp, what, true));
    }
    const all = [bare ?? [], other ?? [], ours ?? []] as const;
    sent += all[2].reduce((sum, { calls }) => sum + calls, 0);
    const rates = all[0].map(({ perSecond }) => Math.round(perSecond)).join(', ');
    console.log(`${size} B (http-proxy ${rates} calls/s)`);
    console.log(`  http-proxy   1 x     CPU per call ${cpu(all[0])}, p99 ${p99(all[0])}`);
    console.log(
      `  mockttp   ${ratio(all[1], all[0])}  CPU per call ${cpu(all[1])}, p99 ${p99(all[1])}`,
    );
    console.log(
      `  calltape  ${ratio(all[2], all[0])}  CPU per call ${cpu(all[2])}, p99 ${p99(all[2])}`,
    );
  }
  return sent;
}

async function latency({ upstream, reference, recorder }: Field): Promise<number> {
  let sent = 0;
  for (const perSecond of RATES) {
    const what = { size: 2000, connections: CONNECTIONS, milliseconds: ROUND_MS, perSecond };
    const bare: Record<'p50' | 'p99', number[]> = { p50: [], p99: [] };
    const ours: Record<'p50' | 'p99', number[]> = { p50: [], p99: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const direct = await load(upstream, what);
      const [theirs, mine] = [await load(reference, what), await load(recorder, what)];
      sent += mine.calls;
      for (const figure of ['p50', 'p99'] as const) {
        bare[figure].push(theirs[figure] - direct[figure]);
        ours[figure].push(mine[figure] - direct[figure]);
      }
    }
    for (const figure of ['p50', 'p99'] as const) {
      const [adds, wanted] = [median(ours[figure]), median(bare[figure])];
      const times = median(ours[figure].map((one, round) => one / (bare[figure][round] ?? 1)));
      console.log(
        `${perSecond} calls/s: adds ${adds.toFixed(2)} ms at ${figure}, http-proxy ${wanted.toFixed(2)} ms: ${times.toFixed(2)} x`,
      );
    }
  }
  return sent;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
  const tape = join(folder, 'calls.tape');
  const upstream = await start([here('upstream.ts')]);
  const reference = await start([here('contenders/http-proxy.ts'), upstream.url]);
  const mockttp = await start([here('contenders/mockttp.ts'), upstream.url]);
  const bin = here('../packages/cli/bin/calltape.js');
  const recorder = await start([
    bin,
    'record',
    upstream.url,
    '--port',
    '0',
    '--tape',
    tape,
    '--quiet',
  ]);
  const field = { upstream, reference, mockttp, recorder };
  console.log(
    `Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`,
  );
  console.log(
    `from start to listening: http-proxy ${reference.startMs.toFixed(0)} ms, mockttp ${mockttp.startMs.toFixed(0)} ms, calltape ${recorder.startMs.toFixed(0)} ms`,
  );
  for (const one of [reference, mockttp, recorder]) await checkRight(upstream, one);
  const sent = (await latency(field)) + (await throughput(field)) + SIZES.length;
  const peaks = [reference, mockttp, recorder].map((one) => `${one.peakMb().toFixed(0)} MB`);
  console.log(`most memory: http-proxy ${peaks[0]}, mockttp ${peaks[1]}, calltape ${peaks[2]}`);
  await Promise.all([recorder, reference, mockttp, upstream].map(async (one) => await one.stop()));
  const onTape = openTape(tape).count();
  console.log(
    `${onTape} calls on the tape, ${sent} sent, ${(statSync(tape).size / onTape).toFixed(0)} bytes a call`,
  );
  if (onTape !== sent) throw new Error('the tape and the wire disagree');
  rmSync(folder, { recursive: true });
}

await main();
