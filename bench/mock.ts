// Mocks side by side: throughput, processor time, start and memory with 10, 1,000 and 20,000 recordings:
//   node bench/mock.ts [ROUNDS] [--quick] [--rules] [--peers] [--recordings N,N...]
// Every figure stands beside a bare node:http server with a Map, measured in the same round. With --rules
// nothing is measured but what it costs to look at rules that alter nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTape } from '@calltape/store';
import { here, median, start } from './contender.ts';
import type { Load } from './contender.ts';
import { table } from './markdown.ts';
import { makeCalls } from './mocks/calls.ts';
import type { BenchCalls } from './mocks/calls.ts';
import { Entrant } from './mocks/entrant.ts';
import type { StartEntrant } from './mocks/entrant.ts';
import { decisionTimes } from './mocks/rule-cost.ts';
import { PEERS } from './mocks/peers.ts';
import type { MockPeer } from './mocks/peers.ts';
import { ratios, timesOf } from './times.ts';

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    recordings: { type: 'string', default: '10,1000,20000' },
  },
  allowPositionals: true,
});
const ROUNDS = Number(positionals[0] ?? (values.quick ? 2 : 7));
const ROUND_MS = values.quick ? 800 : 2000;
const PEER_ROUNDS = values.quick ? 1 : 3;
const CONNECTIONS = 32;
const STARTS = values.quick ? 1 : 5;
const RECORDINGS = values.recordings.split(',').map(Number);
/** Answers that are compared of those that take long for one. */
const COMPARED = 200;

const BIN = here('../packages/cli/bin/calltape.js');
/** Rules that are looked at for every call, and alter none. */
const RULES = ['POST /customers/** status=500', 'GET /orders/** latency=1s p=0.5'];
const IDLE_RULES = ['* /** status=500 after=900000000', '* /** reset p=0'];

const [MAP, OURS, SERVED] = ['node:http with a Map', 'calltape', 'calltape --served'];

function mock(calls: BenchCalls, flags: readonly string[] = []): StartEntrant {
  return async () => await start([BIN, 'mock', calls.tape, '--port', '0', '--quiet', ...flags]);
}

function reference(calls: BenchCalls): StartEntrant {
  return async () => await start([here('contenders/map.ts'), calls.list]);
}

/** One after the other; every other round goes the other way about. */
async function inRounds(entrants: readonly Entrant[], rounds: number, what: Load): Promise<void> {
  for (const entrant of entrants) {
    await entrant.load({ ...what, milliseconds: what.milliseconds / 2 });
  }
  for (const { measured } of entrants) measured.length = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      await entrant.load(what, entrant.name.startsWith('mockttp'));
    }
  }
}

function throughput(count: number, entrants: readonly Entrant[]): string {
  const [bare] = entrants;
  const rows = entrants.map((entrant) => [
    entrant.name,
    entrant.middle('perSecond').toFixed(0),
    timesOf(entrant.of('perSecond'), bare?.of('perSecond') ?? []),
    entrant.middle('cpuUs').toFixed(1),
    timesOf(entrant.of('cpuUs'), bare?.of('cpuUs') ?? []),
    entrant.middle('p50').toFixed(2),
    entrant.middle('p99').toFixed(1),
  ]);
  const title = `${count.toLocaleString('en-US')} recordings`;
  return table([[title, 'calls/s', 'x Map', 'CPU µs', 'x Map', 'p50 ms', 'p99 ms'], ...rows]);
}

/** Starts some, makes sure that they answer right, and stops them in the end. */
async function amongEntrants<T>(
  field: readonly (readonly [string, StartEntrant])[],
  calls: BenchCalls,
  act: (entrants: readonly Entrant[]) => Promise<T>,
): Promise<T> {
  const [first] = calls.calls;
  if (first === undefined) throw new Error('no calls');
  const entrants: Entrant[] = [];
  try {
    for (const [name, open] of field) entrants.push(await Entrant.start(name, open, first));
    for (const entrant of entrants) await entrant.check(calls.calls, true);
    return await act(entrants);
  } finally {
    await Promise.all(entrants.map(async ({ contender }) => await contender.stop()));
  }
}

async function firstAnswers(name: string, open: StartEntrant, calls: BenchCalls): Promise<number> {
  const [first] = calls.calls;
  if (first === undefined) throw new Error('no calls');
  const times: number[] = [];
  for (let at = 0; at < STARTS; at += 1) {
    const entrant = await Entrant.start(name, open, first);
    times.push(entrant.firstMs);
    await entrant.contender.stop();
  }
  return median(times);
}

/** The mock beside the reference, for one number of recordings; returns rows of what they take. */
async function measure(calls: BenchCalls, folder: string): Promise<string[][]> {
  const count = calls.calls.length;
  const served = join(folder, `${count}-served.tape`);
  const field: (readonly [string, StartEntrant])[] = [
    [MAP, reference(calls)],
    [OURS, mock(calls)],
    [SERVED, mock(calls, ['--served', served])],
  ];
  const firstMs: number[] = [];
  for (const [name, open] of field.slice(0, 2)) firstMs.push(await firstAnswers(name, open, calls));
  const { rows, sent } = await amongEntrants(field, calls, async (entrants) => {
    const { requests } = calls;
    const milliseconds = ROUND_MS;
    await inRounds(entrants, ROUNDS, { size: 0, connections: CONNECTIONS, milliseconds, requests });
    console.log(`\n${throughput(count, entrants)}`);
    return {
      rows: entrants.map((entrant, at) => sizesRow(entrant, firstMs[at], calls)),
      sent: entrants.find(({ name }) => name === SERVED)?.sent,
    };
  });
  const kept = keptOn(served);
  if (kept !== sent) {
    throw new Error(`${kept} answers are on the served tape, and ${sent} were given`);
  }
  return rows;
}

function sizesRow(entrant: Entrant, firstMs: number | undefined, calls: BenchCalls): string[] {
  const [before = '', most = ''] = entrant.memory().map((megabytes) => megabytes.toFixed(0));
  const count = String(calls.calls.length);
  return [count, entrant.name, firstMs?.toFixed(0) ?? '', before, most, calls.bodyMb.toFixed(1)];
}

function keptOn(file: string): number {
  const tape = openTape(file);
  try {
    return tape.count();
  } finally {
    tape.close();
  }
}

interface PeerFigures {
  readonly times: string;
  readonly p99: string;
  readonly firstMs: string;
  readonly most: string;
}

/** Others beside the reference, with the requests that have no body: json-server knows no others. */
async function measurePeers(calls: BenchCalls, folder: string): Promise<Map<string, PeerFigures>> {
  const [first] = calls.calls;
  if (first === undefined) throw new Error('no calls');
  const reads = calls.calls.filter(({ method }) => method === 'GET');
  const some = reads.filter((_, at) => at % Math.ceil(reads.length / COMPARED) === 0);
  const what = { size: 0, connections: CONNECTIONS, milliseconds: ROUND_MS, requests: calls.reads };
  const ours: MockPeer = { name: OURS, start: mock(calls) };
  const figures = new Map<string, PeerFigures>();
  // One at a time, for some take gigabytes.
  for (const peer of [ours, ...PEERS]) {
    const open = [
      async () => await Entrant.start(MAP, reference(calls), first),
      async () =>
        await Entrant.start(peer.name, async () => await peer.start(calls, folder), first),
    ];
    const entrants: Entrant[] = [];
    try {
      for (const one of open) entrants.push(await one());
      const [bare, other] = entrants;
      if (bare === undefined || other === undefined) continue;
      await other.check(some, peer === ours);
      await inRounds(entrants, PEER_ROUNDS, what);
      figures.set(peer.name, {
        times: `${median(ratios(other.of('perSecond'), bare.of('perSecond'))).toPrecision(2)} x`,
        p99: other.middle('p99').toFixed(1),
        firstMs: other.firstMs.toFixed(0),
        most: (other.memory()[1] ?? 0).toFixed(0),
      });
    } catch (error) {
      console.log(`${peer.name}, ${calls.calls.length} recordings: ${String(error)}`);
    } finally {
      await Promise.all(entrants.map(async ({ contender }) => await contender.stop()));
    }
  }
  return figures;
}

function peersTable(all: ReadonlyMap<number, Map<string, PeerFigures>>): string {
  const most = all.get(RECORDINGS.at(-1) ?? 0);
  const rows = [OURS, ...PEERS.map(({ name }) => name)].map((name) => {
    const last = most?.get(name);
    const times = RECORDINGS.map((count) => all.get(count)?.get(name)?.times ?? '-');
    return [name, ...times, last?.p99 ?? '-', last?.firstMs ?? '-', last?.most ?? '-'];
  });
  const counts = RECORDINGS.map((count) => count.toLocaleString('en-US'));
  return table([['x Map', ...counts, 'p99 ms', 'first answer ms', 'memory MB'], ...rows]);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
  console.log(
    `Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`,
  );
  const sizes: string[][] = [];
  const rules: string[][] = [];
  const peers = new Map<number, Map<string, PeerFigures>>();
  try {
    for (const count of RECORDINGS) {
      const calls = await makeCalls(folder, count);
      if (!values.rules) sizes.push(...(await measure(calls, folder)));
      const times = decisionTimes(calls, [[], RULES, IDLE_RULES]);
      rules.push([String(count), ...times.map((ns) => ns.toFixed(0))]);
      if (values.peers) peers.set(count, await measurePeers(calls, folder));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const heads = [
    'recordings',
    'mock',
    'first answer ms',
    'memory before, MB',
    'at most',
    'bodies MB',
  ];
  if (!values.rules) console.log(`\n${table([heads, ...sizes], [0, 1])}`);
  const costs = ['ns to decide, recordings', 'no rules', 'rules about others', 'rules that count'];
  console.log(`\n${table([costs, ...rules])}`);
  if (values.peers) console.log(`\n${peersTable(peers)}`);
}

await main();
