// Encrypted calls read and recorded, side by side with a node reverse proxy that terminates TLS:
//   node bench/intercept.ts [ROUNDS] [MILLISECONDS-A-ROUND]
// Every figure stands beside a reference measured in the same round; quote the ratios.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openAuthority } from '@calltape/proxy';
import { openTape } from '@calltape/store';

const ROUNDS = Number(process.argv[2] ?? 5);
const ROUND_MS = Number(process.argv[3] ?? 3000);
const AT_ONCE = 32;
const SIZES = [200, 2000, 50_000];
const run = promisify(execFile);

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await once(child, 'exit');
  };
  return { url: String(line).replace('listening ', ''), stop };
}

interface Measured {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
}

async function load(words: readonly (string | number)[]): Promise<Measured> {
  const args = [here('load-secure.ts'), ...words, AT_ONCE, ROUND_MS].map(String);
  const { stdout } = await run(process.execPath, args);
  const measured: Measured = JSON.parse(stdout);
  if (measured.failed > 0) throw new Error(`${measured.failed} calls failed: ${words.join(' ')}`);
  return measured;
}

function median(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2);
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

let sent = 0;
for (const size of SIZES) {
  const ratios: Record<'h1' | 'h2', number[]> = { h1: [], h2: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const version of ['h1', 'h2'] as const) {
      const bare = await load([version, reference.url, '-', foreignCa, size]);
      const words = [version, upstream.url, recorder.url, ours.certificateFile, size];
      const { calls, perSecond } = await load(words);
      sent += calls;
      ratios[version].push(perSecond / bare.perSecond);
      const rates = `${Math.round(bare.perSecond)} and ${Math.round(perSecond)} calls/s`;
      console.log(`  ${size} B, round ${round + 1}, ${version}: ${rates}`);
    }
  }
  const [h1, h2] = [median(ratios.h1), median(ratios.h2)];
  console.log(
    `${size} B: HTTP/1.1 ${h1} x, HTTP/2 ${h2} x a reverse proxy of the same kind that records nothing`,
  );
}
await recorder.stop();
await Promise.all([reference.stop(), upstream.stop()]);
const onTape = openTape(tape).count();
console.log(`${onTape} calls on the tape, ${sent} sent`);
rmSync(folder, { recursive: true });
if (onTape !== sent) throw new Error('the tape and the wire disagree');
