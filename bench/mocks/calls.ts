// The calls that mocks are measured with: on a tape for ours, as a list for others.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDraft, openWriter } from '@calltape/store';

/** One call and its answer. */
export interface BenchCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Empty for none. */
  readonly body: string;
  /** JSON of about 1 KB. */
  readonly answer: string;
}

/** Every tenth call is a POST. */
const POSTS = 10;
const ORIGIN = 'https://api.example.com';

function wordsOf(n: number): string {
  return Array.from({ length: 12 }, (_, at) => `${((n + 1) * (at + 7) * 7919).toString(36)} of it`)
    .join(', ')
    .padEnd(600, '. And so on');
}

function callOf(n: number): BenchCall {
  const posts = n % POSTS === POSTS - 1;
  const thing = {
    id: n,
    object: posts ? 'order' : 'customer',
    name: `Customer ${n}`,
    email: `customer${n}@example.com`,
    address: { city: 'Town', line1: `${n} Long Street`, postal_code: '12345', country: 'US' },
    balance: n * 13,
    currency: 'usd',
    created: 1_700_000_000 + n,
    description: wordsOf(n),
    livemode: false,
    metadata: { order: String(n * 7) },
  };
  return {
    method: posts ? 'POST' : 'GET',
    path: posts ? `/orders/${n}` : `/customers/${n}`,
    body: posts ? JSON.stringify({ amount: n * 100, currency: 'usd', lines: [n, n + 1] }) : '',
    answer: JSON.stringify(thing),
  };
}

export interface BenchCalls {
  readonly calls: readonly BenchCall[];
  readonly tape: string;
  /** All of them as JSON, for those that read no tapes. */
  readonly list: string;
  /** The requests for load.ts: all of them, and those without a body. */
  readonly requests: string;
  readonly reads: string;
  readonly bodyMb: number;
}

async function writeTape(file: string, calls: readonly BenchCall[]): Promise<void> {
  const writer = await openWriter(file, { name: 'bench', source: 'proxy' });
  for (const { method, path, body, answer } of calls) {
    const draft = newDraft(method, ORIGIN + path);
    const content = Buffer.from(answer);
    draft.headers = ['Host', 'api.example.com', 'Accept', '*/*'];
    draft.body = { pieces: [Buffer.from(body)], size: body.length, hash: null };
    draft.outcome = 'complete';
    draft.ttfbMs = 20;
    draft.durationMs = 21;
    draft.response = {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: ['Content-Type', 'application/json', 'Content-Length', String(content.length)],
      body: { pieces: [content], size: content.length, hash: null },
      trailers: [],
      interim: [],
      chunks: [],
    };
    if (writer.full) {
      const { promise, resolve } = Promise.withResolvers<void>();
      writer.onceDrained(resolve);
      await promise;
    }
    writer.begin(draft);
    writer.finish(draft);
  }
  await writer.close();
}

function writeList(file: string, list: unknown): string {
  writeFileSync(file, JSON.stringify(list));
  return file;
}

/** @param folder - Where the files go. */
export async function makeCalls(folder: string, count: number): Promise<BenchCalls> {
  const calls = Array.from({ length: count }, (_, n) => callOf(n));
  const tape = join(folder, `${count}.tape`);
  await writeTape(tape, calls);
  const requests = calls.map(({ method, path, body }) => [method, path, body]);
  return {
    calls,
    tape,
    list: writeList(join(folder, `${count}.json`), calls),
    requests: writeList(join(folder, `${count}-requests.json`), requests),
    reads: writeList(
      join(folder, `${count}-reads.json`),
      requests.filter(([method]) => method === 'GET'),
    ),
    bodyMb: calls.reduce((sum, { body, answer }) => sum + body.length + answer.length, 0) / 2 ** 20,
  };
}
