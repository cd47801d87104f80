// Recording throughput and added latency, side by side with bare http-proxy in the same run:
//   node bench/proxy.ts [ROUNDS]
// Every figure stands beside a reference measured in the same round; quote the ratios.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openTape } from '@calltape/store';

const ROUNDS = Number(process.argv[2] ?? 5);
const CONNECTIONS = 32;
const ROUND_MS = 3000;
const SIZES = [200, 2000, 50_000];
const RATES = [200, 1000];
const run = promisify(execFile);

interface Measured {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface Contender {
  readonly url: string;
  readonly peakMb: number;
  stop(): Promise<void>;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function start(args: readonly string[]): Promise<Contender> {
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url: String(line).replace('listening ', ''),
    get peakMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    },
    stop: async () => {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

async function load(url: string, size: number, perSecond = 0): Promise<Measured> {
  const args = [here('load.ts'), url, size, CONNECTIONS, ROUND_MS, perSecond].map(String);
  const { stdout } = await run(process.execPath, args);
  const measured: Measured = JSON.parse(stdout);
  if (measured.failed > 0) throw new Error(`${measured.failed} calls to ${url} failed`);
  return measured;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function checkRight(direct: string, through: string): Promise<void> {
  for (const size of SIZES) {
    const [want, got] = await Promise.all(
      [direct, through].map(async (url) => (await fetch(`${url}/${size}/check`)).text()),
    );
    if (want !== got || want?.length !== size) throw new Error(`${through} changes the body`);
  }
}

interface Field {
  readonly upstream: Contender;
  readonly reference: Contender;
  readonly recorder: Contender;
}

async function throughput({ reference, recorder }: Field): Promise<number> {
  let sent = 0;
  for (const size of SIZES) {
    const [ratios, p99s]: number[][] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = await load(reference.url, size);
      const ours = await load(recorder.url, size);
      sent += ours.calls;
      ratios?.push(ours.perSecond / bare.perSecond);
      p99s?.push(ours.p99);
      const rates = `${Math.round(bare.perSecond)} and ${Math.round(ours.perSecond)} calls/s`;
      console.log(`  ${size} B, round ${round + 1}: ${rates}`);
    }
    const [ratio, p99] = [median(ratios ?? []).toFixed(2), median(p99s ?? []).toFixed(1)];
    console.log(`${size} B: ${ratio} x http-proxy, p99 ${p99} ms`);
  }
  return sent;
}

async function latency({ upstream, reference, recorder }: Field): Promise<number> {
  let sent = 0;
  for (const rate of RATES) {
    const added: Record<'p50' | 'p99', number[]> = { p50: [], p99: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const direct = await load(upstream.url, 2000, rate);
      const bare = await load(reference.url, 2000, rate);
      const ours = await load(recorder.url, 2000, rate);
      sent += ours.calls;
      for (const figure of ['p50', 'p99'] as const) {
        added[figure].push((ours[figure] - direct[figure]) / (bare[figure] - direct[figure]));
      }
    }
    const [p50, p99] = [median(added.p50).toFixed(2), median(added.p99).toFixed(2)];
    console.log(`${rate} calls/s: adds ${p50} x (p50), ${p99} x (p99) of what http-proxy adds`);
  }
  return sent;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
  const tape = join(folder, 'calls.tape');
  const upstream = await start([here('upstream.ts')]);
  const reference = await start([here('contenders/http-proxy.ts'), upstream.url]);
  const bin = here('../packages/cli/bin/calltape.js');
  const recorder = await start([bin, 'record', upstream.url, '--port', '0', '--tape', tape]);
  const field = { upstream, reference, recorder };
  console.log(
    `Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`,
  );
  await checkRight(upstream.url, reference.url);
  await checkRight(upstream.url, recorder.url);
  const sent = (await throughput(field)) + (await latency(field)) + SIZES.length;
  console.log(`recorder's memory at its highest: ${recorder.peakMb.toFixed(0)} MB`);
  await recorder.stop();
  await Promise.all([reference.stop(), upstream.stop()]);
  const onTape = openTape(tape).count();
  console.log(`${onTape} calls on the tape, ${sent} sent`);
  if (onTape !== sent) throw new Error('the tape and the wire disagree');
  rmSync(folder, { recursive: true });
}

await main();
