import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFault, startMock } from '@calltape/mock';
import { newDraft, openWriter } from '@calltape/store';
import { CASES, SAMPLES, type Case, type Sample } from './cases.ts';
import { CLIENTS, type Client } from './clients.ts';
import { outcomeWords } from './outcome.ts';
import { onTheWire } from './wire.ts';

/** The seed of every row: what `drift` and `garbage` choose follows from it. */
const SEED = 7;

/** The version of the curl on PATH; null without one. */
export function curlVersion(): string | null {
  try {
    return (
      /^curl (\S+)/.exec(execFileSync('curl', ['--version'], { encoding: 'utf8' }))?.[1] ?? null
    );
  } catch {
    return null;
  }
}

async function writeTape(file: string): Promise<void> {
  const writer = await openWriter(file, { name: 'samples', source: 'proxy' });
  for (const sample of SAMPLES) {
    const draft = newDraft('GET', `http://api.example.com${sample.path}`);
    const bytes = Buffer.from(sample.content);
    draft.outcome = 'complete';
    draft.response = {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: sample.headers,
      body: { pieces: [bytes], size: bytes.length, hash: null },
      trailers: [],
      interim: [],
      chunks: [...sample.chunks],
    };
    writer.begin(draft);
    writer.finish(draft);
  }
  await writer.close();
}

async function seenBy(client: Client, url: string, sample: Sample): Promise<string> {
  const startedAt = performance.now();
  const got = await client(url);
  return outcomeWords({ ...got, elapsedMs: performance.now() - startedAt }, sample);
}

/** One row: the fault, the answer, the bytes, and what each client saw. */
async function rowOf(tape: string, { fault, sample }: Case): Promise<string[]> {
  const faults = [parseFault(`GET ${sample.path} ${fault}`)];
  const mock = await startMock(tape, { faults, seed: SEED });
  try {
    const url = mock.url + sample.path;
    const seen = await Promise.all([
      onTheWire(mock.port, sample.path),
      ...[...CLIENTS.values()].map((client) => seenBy(client, url, sample)),
    ]);
    return [`\`${fault}\``, sample.name, ...seen];
  } finally {
    await mock.close(0);
  }
}

/** The rows of the table, head first, made by running every client against every fault. */
export async function faultTable(): Promise<string[][]> {
  const directory = await mkdtemp(join(tmpdir(), 'calltape-faults-'));
  try {
    const tape = join(directory, 'samples.tape');
    await writeTape(tape);
    const rows = [['fault', 'answer', 'on the wire', ...CLIENTS.keys()]];
    for (const one of CASES) rows.push(await rowOf(tape, one));
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
