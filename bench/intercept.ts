// Encrypted calls read and recorded, side by side with a node reverse proxy that terminates TLS:
//   node bench/intercept.ts [ROUNDS] [MILLISECONDS-A-ROUND] [--size BYTES] [--version h1|h2]
// Every figure stands beside a reference measured in the same round; quote the ratios.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openAuthority } from '@calltape/proxy';
import { openTape } from '@calltape/store';
import { here, median, start } from './contender.ts';
import type { Contender } from './contender.ts';

const { values, positionals } = parseArgs({
  options: {
    size: { type: 'string', multiple: true, default: ['200', '2000', '50000'] },
    version: { type: 'string', multiple: true, default: ['h1', 'h2'] },
  },
  allowPositionals: true,
});
const ROUNDS = Number(positionals[0] ?? 5);
const ROUND_MS = Number(positionals[1] ?? 3000);
const AT_ONCE = 32;
const run = promisify(execFile);

interface Measured {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
  /** Processor time of the contender for each call, microseconds. */
  readonly cpuUs: number;
  /** That of the client itself, its start included. */
  readonly clientUs: number;
}

/** How calls get to their upstream through a contender. */
interface Way {
  readonly through: Contender;
  readonly url: string;
  /** `-` for none: the contender is the origin. */
  readonly proxy: string;
  readonly caFile: string;
}

async function load(way: Way, version: string, size: string): Promise<Measured> {
  const { through, url, proxy, caFile } = way;
  const args = [here('load-secure.ts'), version, url, proxy, caFile, size, AT_ONCE, ROUND_MS];
  const before = through.cpuMs();
  const { stdout } = await run(process.execPath, args.map(String));
  const measured: Omit<Measured, 'cpuUs'> = JSON.parse(stdout);
  const { calls, failed } = measured;
  if (failed > 0) throw new Error(`${failed} calls failed: ${version} ${url} ${size}`);
  return { ...measured, cpuUs: ((through.cpuMs() - before) * 1000) / calls };
}

function ratio(over: readonly number[], under: readonly number[]): string {
  return median(over.map((one, round) => one / (under[round] ?? 1))).toFixed(2);
}

/** @returns How many calls were recorded. */
async function compare(
  reference: Way,
  recorder: Way,
  version: string,
  size: string,
): Promise<number> {
  const [bare, ours]: [Measured[], Measured[]] = [[], []];
  const both = [
    { way: reference, measured: bare },
    { way: recorder, measured: ours },
  ];
  let recorded = 0;
  // Each goes first in every second round; the first of all only warms up what is shared.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { way, measured } of both) {
      const one = await load(way, version, size);
      if (way === recorder) recorded += one.calls;
      if (round > 0) measured.push(one);
    }
    both.reverse();
  }
  const [bareRates, ourRates] = [bare, ours].map((all) => all.map((one) => one.perSecond));
  const [bareCpu, ourCpu] = [bare, ours].map((all) => all.map((one) => one.cpuUs));
  const rates = (bareRates ?? []).map((rate) => Math.round(rate)).join(', ');
  const times = ratio(ourRates ?? [], bareRates ?? []);
  const [theirUs, ourUs] = [median(bareCpu ?? []).toFixed(0), median(ourCpu ?? []).toFixed(0)];
  const share = ratio(bareCpu ?? [], ourCpu ?? []);
  const loadUs = median([...bare, ...ours].map(({ clientUs }) => clientUs)).toFixed(0);
  console.log(`${size.padStart(5)} B ${version}: ${times} x (reference ${rates} calls/s)`);
  console.log(`  CPU per call ${ourUs} us against ${theirUs} us: ${share} x; client ${loadUs} us`);
  return recorded;
}

const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
const [tape, home] = [join(folder, 'calls.tape'), join(folder, 'home')];
const [ours, foreign] = [await openAuthority(home), await openAuthority(join(folder, 'foreign'))];
const leaf = foreign.leafFor('localhost');
writeFileSync(join(folder, 'leaf.pem'), leaf.certificatePem);
writeFileSync(join(folder, 'leaf.key'), leaf.keyPem, { mode: 0o600 });
const { certificateFile: foreignCa } = foreign;

const upstream = await start([here('secure-upstream.ts'), folder]);
const reference = await start([here('contenders/tls-reverse.ts'), upstream.url, folder, foreignCa]);
const bin = here('../packages/cli/bin/calltape.js');
const flags = ['--port', '0', '--h2', '--quiet', '--ca', foreignCa, '--tape', tape];
const recorder = await start([bin, 'record', ...flags], { CALLTAPE_HOME: home });
console.log(`Node ${process.version}, ${AT_ONCE} at once, ${ROUNDS} rounds of ${ROUND_MS} ms`);

const direct = { through: reference, url: reference.url, proxy: '-', caFile: foreignCa };
const recorded = {
  through: recorder,
  url: upstream.url,
  proxy: recorder.url,
  caFile: ours.certificateFile,
};
let sent = 0;
for (const size of values.size) {
  for (const version of values.version) sent += await compare(direct, recorded, version, size);
}
await recorder.stop();
await Promise.all([reference.stop(), upstream.stop()]);
const onTape = openTape(tape).count();
console.log(`${onTape} calls on the tape, ${sent} sent`);
rmSync(folder, { recursive: true });
if (onTape !== sent) throw new Error('the tape and the wire disagree');
