// What more threads of the mock give, with 1,000 recordings: node bench/workers.ts [ROUNDS]
// The client has a core to itself at most, so on two cores look at the processor time that is left over.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, start } from './contender.ts';
import { table } from './markdown.ts';
import { makeCalls } from './mocks/calls.ts';
import { Entrant } from './mocks/entrant.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const RECORDINGS = 1_000;
const LOAD = { size: 0, connections: 32, milliseconds: 1_500 };
const BIN = here('../packages/cli/bin/calltape.js');
const COUNTING = ['--fault', '* /** status=500 after=900000000'];

const folder = mkdtempSync(join(tmpdir(), 'calltape-bench-'));
const entrants: Entrant[] = [];
try {
  const calls = await makeCalls(folder, RECORDINGS);
  const [first] = calls.calls;
  if (first === undefined) throw new Error('no calls');
  for (const flags of [[], COUNTING]) {
    for (const workers of ['1', '2']) {
      const rules = flags.length === 0 ? '' : ', a rule that counts';
      const args = ['mock', calls.tape, '--port', '0', '--quiet', '--workers', workers, ...flags];
      const open = async () => await start([BIN, ...args]);
      entrants.push(await Entrant.start(`--workers ${workers}${rules}`, open, first));
    }
  }
  for (const entrant of entrants) await entrant.check(calls.calls.slice(0, 200), true);
  const what = { ...LOAD, requests: calls.requests };
  for (const entrant of entrants) await entrant.load(what);
  for (const { measured } of entrants) measured.length = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      await entrant.load(what);
    }
  }
  const rows = entrants.map((entrant) => {
    const [perSecond, cpuUs] = [entrant.middle('perSecond'), entrant.middle('cpuUs')];
    const cores = (perSecond * cpuUs) / 1e6;
    const figures = [perSecond.toFixed(0), cpuUs.toFixed(1), cores.toFixed(2)];
    return [entrant.name, ...figures, entrant.middle('p99').toFixed(1)];
  });
  console.log(`${availableParallelism()} cores`);
  console.log(table([['', 'calls/s', 'CPU µs a call', 'cores of the mock', 'p99 ms'], ...rows]));
} finally {
  for (const { contender } of entrants) await contender.stop();
  rmSync(folder, { recursive: true, force: true });
}
