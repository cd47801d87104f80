// How fast drift is found, and in how much memory:
//   node bench/drift.ts [CALLS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Lessons } from '@calltape/drift';
import { here, median } from './contender.ts';
import type { DrawnCall } from './drift/draw-calls.ts';
import { ValueDrawer } from './drift/draw-value.ts';
import { writeTape } from './drift/finder.ts';
import { Random } from './drift/random.ts';
import { readWritten } from './drift/written.ts';

const CALLS = Number(process.argv[2] ?? 100_000);
const BODIES = 3000;
const ROUNDS = 5;
const BODY_BYTES = [2500, 3500] as const;
const URL_PREFIX = 'https://api.forge.example/repos/acme/shop/commits';
/** Written by the program as it ends. */
const TELL_MEMORY =
  '--import=data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss="+process.resourceUsage().maxRSS))';

/** Lists of commits of about 3 KB. */
function drawBodies(count: number): readonly string[] {
  const written = JSON.parse(
    readFileSync(join(import.meta.dirname, 'drift/data/forge.json'), 'utf8'),
  );
  const shape = readWritten(written).operations.find(({ template }) =>
    template.endsWith('/commits'),
  )?.body;
  if (shape === null || shape === undefined) throw new Error('There is no list of commits.');
  const drawer = new ValueDrawer(new Random('speed'), 'speed');
  const bodies: string[] = [];
  while (bodies.length < count) {
    const body = JSON.stringify(drawer.value(shape));
    if (body.length >= BODY_BYTES[0] && body.length <= BODY_BYTES[1]) bodies.push(body);
  }
  return bodies;
}

function learn(lessons: Lessons, body: string, id: number): void {
  lessons.add({
    id,
    at: id,
    method: 'GET',
    origin: 'https://api.forge.example',
    template: '/repos/{owner}/{repo}/commits',
    url: `${URL_PREFIX}?page=${id}`,
    status: 200,
    requestContentType: null,
    responseContentType: 'application/json',
    requestHeaders: [],
    responseHeaders: [],
    requestBody: '',
    responseBody: body,
    outcome: 'complete',
  });
}

function seconds(act: () => void): number {
  const start = performance.now();
  act();
  return (performance.now() - start) / 1000;
}

function learning(bodies: readonly string[]): void {
  const [parsed, learned]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const lessons = new Lessons();
    const parse = seconds(() => bodies.forEach((body) => void JSON.parse(body)));
    const all = seconds(() => bodies.forEach((body, at) => learn(lessons, body, at + 1)));
    if (round === 0) continue;
    parsed.push(parse);
    learned.push(all);
  }
  const ratio = median(learned.map((one, at) => one / (parsed[at] ?? 1)));
  const perSecond = (BODIES / median(learned)).toFixed(0);
  console.log(
    `Bodies of 3 KB learned, JSON.parse included: ${perSecond} a second, ${ratio.toFixed(2)} x JSON.parse alone`,
  );
}

function callOf(body: string, at: number): DrawnCall {
  const url = `${URL_PREFIX}?page=${at}`;
  const headers = ['content-type', 'application/json'];
  return { operation: '', method: 'GET', url, status: 200, headers, body };
}

async function report(bodies: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-drift-'));
  const files = ['before.tape', 'after.tape'].map((name) => join(folder, name));
  for (const file of files) {
    const calls = Array.from({ length: CALLS / 2 }, (_, at) =>
      // A body that is stored once is read once: each has something of its own.
      callOf(`${(bodies[at % BODIES] ?? '[]').slice(0, -1)},{"sha":"${file.length}-${at}"}]`, at),
    );
    await writeTape(file, calls);
  }
  const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
  let rss = 0;
  const took = seconds(() => {
    const said = runDrift(files);
    rss = Number(/maxrss=(\d+)/.exec(said)?.[1] ?? 0) / 1024;
  });
  console.log(
    `Report over ${CALLS.toLocaleString('en-US')} calls (${megabytes.toFixed(0)} MB): ${took.toFixed(1)} s, at most ${rss.toFixed(0)} MB`,
  );
  rmSync(folder, { recursive: true });
}

/** What it says on stderr. */
function runDrift([before = '', after = '']: readonly string[]): string {
  const program = here('../packages/cli/bin/calltape.js');
  const script = `const{spawnSync}=require('node:child_process');const r=spawnSync(process.execPath,process.argv.slice(1),{encoding:'utf8',maxBuffer:1e9});process.stdout.write(r.stderr)`;
  const args = [TELL_MEMORY, program, 'drift', '--json', '--baseline', before, '--live', after];
  return execFileSync(process.execPath, ['-e', script, '--', ...args], { encoding: 'utf8' });
}

/** Every body has keys that no other has, at every depth: all that is learned must stay bounded. */
function hostile(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const heapMb = (): number => {
    if (typeof collect === 'function') collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const random = new Random('hostile');
  const keys = (depth: number): unknown =>
    Object.fromEntries(
      Array.from({ length: 6 }, () => [
        random.text(12, 'abcdefghijklmnop'),
        depth === 0 ? random.text(40, 'xyz') : keys(depth - 1),
      ]),
    );
  const lessons = new Lessons();
  const start = heapMb();
  const grown: string[] = [];
  for (let at = 1; at <= 1000; at += 1) {
    learn(lessons, JSON.stringify(keys(3)), at);
    if ([60, 250, 1000].includes(at)) grown.push(`${(heapMb() - start).toFixed(1)} MB after ${at}`);
  }
  console.log(`Hostile bodies (1,500 new keys each) at one endpoint: ${grown.join(', ')}`);
}

const bodies = drawBodies(BODIES);
learning(bodies);
hostile();
await report(bodies);
