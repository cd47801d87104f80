// Where the recorder's time goes under full load, for each of its two threads:
//   node bench/profile.ts [SECONDS]
// The profiles are V8's own; what counts is only the time under load, after it has warmed up.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, load, start } from './contender.ts';
import type { Load } from './contender.ts';
import { readShares } from './cpu-profile.ts';
import type { Shares, Stretch } from './cpu-profile.ts';
import { beside, table } from './markdown.ts';

const SECONDS = Number(process.argv[2] ?? 10);
const WARM_UP_MS = 2000;
const TOP = 10;
const LOAD: Load = { size: 2000, connections: 32, milliseconds: SECONDS * 1000 };

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Files are named CPU.DATE.TIME.PROCESS.THREAD.COUNT.cpuprofile, and the main thread is 0. */
function threadsOf(folder: string, stretch: Stretch): { relaying: Shares; writing: Shares } {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  const sharesOf = (isMain: boolean): Shares | undefined =>
    files
      .filter((file) => (file.split('.')[4] === '0') === isMain)
      .map((file) => readShares(join(folder, file), stretch))
      .toSorted((one, other) => other.busyMs - one.busyMs)[0];
  const [relaying, writing] = [sharesOf(true), sharesOf(false)];
  if (relaying === undefined || writing === undefined) {
    throw new Error(`${folder} has ${files.length} profiles, and two threads were expected`);
  }
  return { relaying, writing };
}

function column(title: string, { shares }: Shares): string[][] {
  const rows = shares.slice(0, TOP).map(({ what, percent }) => [what, percent.toFixed(1)]);
  return [[title, '%'], ...rows];
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-profile-'));
  const upstream = await start([here('upstream.ts')]);
  const recorder = await start([
    '--cpu-prof',
    `--cpu-prof-dir=${folder}`,
    here('../packages/cli/bin/calltape.js'),
    'record',
    upstream.url,
    '--port',
    '0',
    '--tape',
    join(folder, 'calls.tape'),
    '--quiet',
  ]);
  await load(recorder, { ...LOAD, milliseconds: WARM_UP_MS });
  const from = microseconds();
  const { perSecond, cpuUs } = await load(recorder, LOAD);
  const stretch = { from, to: microseconds() };
  await recorder.stop();
  await upstream.stop();
  const { relaying, writing } = threadsOf(folder, stretch);
  const [main, writer] = [relaying, writing].map(({ busyMs }) =>
    ((busyMs * 100_000) / (stretch.to - stretch.from)).toFixed(0),
  );
  console.log(`Node ${process.version}, ${SECONDS} s of bodies of ${LOAD.size} B`);
  console.log(
    `${perSecond.toFixed(0)} calls/s, CPU ${cpuUs.toFixed(0)} µs a call; main thread busy ${main} %, writer's ${writer} %\n`,
  );
  const columns = [column('main thread', relaying), column("writer's thread", writing)];
  console.log(table(beside(...columns), [0, 2]));
  rmSync(folder, { recursive: true });
}

await measure();
