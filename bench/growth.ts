// How the cost of a recorded call grows with connections, with the size of bodies and with the tape:
//   node bench/growth.ts [--quick]
// A cost that stays flat is what is wanted; per byte for bodies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newDraft, openWriter } from '@calltape/store';
import type { TapeWriter } from '@calltape/store';
import { here, load, start } from './contender.ts';
import type { Contender, Load } from './contender.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const CONNECTIONS = [1, 32, 256, 1000];
const SIZES = [200, 2000, 20_000, 200_000, 1_000_000];
const CALLS = values.quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
const MILLISECONDS = values.quick ? 1000 : 3000;
const USUAL: Load = { size: 2000, connections: 32, milliseconds: MILLISECONDS };

async function recorderOn(tape: string, upstream: Contender): Promise<Contender> {
  const bin = here('../packages/cli/bin/calltape.js');
  return await start([bin, 'record', upstream.url, '--port', '0', '--tape', tape, '--quiet']);
}

async function tell(what: string, recorder: Contender, changed: Partial<Load>): Promise<void> {
  const measured = await load(recorder, { ...USUAL, ...changed });
  const { cpuUs, perSecond, p50, p99 } = measured;
  console.log(
    `${what.padEnd(18)} CPU per call ${cpuUs.toFixed(0).padStart(5)} us, ${Math.round(perSecond)} calls/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(1)} ms, memory ${recorder.nowMb().toFixed(0)} MB`,
  );
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

async function fill(tape: string, calls: number): Promise<void> {
  const writer = await openWriter(tape, { name: 'filled', source: 'proxy' });
  for (let n = 1; n <= calls; n += 1) {
    finishCall(writer, n);
    if (writer.full) {
      await new Promise<void>((resolve) => {
        writer.onceDrained(resolve);
      });
    }
  }
  await writer.close();
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-growth-'));
  const upstream = await start([here('upstream.ts')]);
  console.log(`Node ${process.version}, ${MILLISECONDS} ms each`);
  const recorder = await recorderOn(join(folder, 'growth.tape'), upstream);
  await load(recorder, USUAL);
  for (const connections of CONNECTIONS) {
    await tell(`${connections} connections`, recorder, { connections });
  }
  for (const size of SIZES) await tell(`${size} B`, recorder, { size });
  await recorder.stop();
  let onTape = 0;
  const tape = join(folder, 'filled.tape');
  for (const calls of CALLS) {
    await fill(tape, calls - onTape);
    onTape = calls;
    const filled = await recorderOn(tape, upstream);
    await load(filled, { ...USUAL, milliseconds: 1000 });
    await tell(`${calls} on the tape`, filled, {});
    console.log(`${''.padEnd(18)} from start to listening ${filled.startMs.toFixed(0)} ms`);
    await filled.stop();
  }
  await upstream.stop();
  rmSync(folder, { recursive: true });
}

await main();
