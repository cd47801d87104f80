import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { openWriter } from '@calltape/store';
import type { CallDraft } from '@calltape/store';
import { expect, test } from 'vitest';
import { finished, ownTape } from './own-tape.ts';
import { requestHead, responseHead } from './real-heads.ts';

const SHORT_REQUEST_HEAD = Object.entries({
  Host: 'api.example.com',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, br',
  'User-Agent': 'example-node/4.2.1 (node 24.21.0; linux x64)',
  Connection: 'keep-alive',
  Authorization: 'Bearer sk_live_51HqLyjWDarjtT1zdp7dc4eC3',
}).flat();
const SHORT_RESPONSE_HEAD = Object.entries({
  'Content-Type': 'application/json; charset=utf-8',
  Connection: 'keep-alive',
  Date: 'Tue, 24 Nov 2026 15:04:05 GMT',
  'Cache-Control': 'no-cache, no-store',
  Vary: 'Origin',
  Server: 'nginx',
}).flat();

function withHeads(draft: CallDraft, n: number, heads: string): CallDraft {
  const { response } = draft;
  if (response === null) return draft;
  const isLong = heads === 'long';
  draft.headers = isLong ? requestHead() : SHORT_REQUEST_HEAD;
  response.headers = isLong
    ? responseHead(n, response.body.size)
    : [...SHORT_RESPONSE_HEAD, 'Request-Id', `req_${n}`];
  return draft;
}

/** What a tape of such calls takes beyond 1.3 times their bodies, bytes a call. */
async function bytesACall(count: number, bodyBytes: number, heads: string): Promise<number> {
  const file = ownTape();
  const writer = await openWriter(file, { name: 'run', source: 'proxy' });
  for (let n = 0; n < count; n += 1) {
    const path = `/v1/customers/cus_${n}?expand=default_source`;
    const draft = withHeads(finished(path, randomBytes(bodyBytes)), n, heads);
    Object.assign(draft.timings, { blocked: 0.1234, send: 0.2345, wait: 12.3456, receive: 0.3 });
    Object.assign(draft, { durationMs: 13.1234, ttfbMs: 12.9, peerAddress: '127.0.0.1' });
    writer.finish(draft);
    if (writer.full) await new Promise<void>((resolve) => writer.onceDrained(resolve));
  }
  await writer.close();
  return (statSync(file).size - 1.3 * bodyBytes * count) / count;
}

test('the long heads are about 1.5 KB a call', () => {
  const lines = [...requestHead(), ...responseHead(1, 2048)];
  expect(lines.join('').length + 2 * lines.length).toBeGreaterThan(1500);
});

// Among them sizes that would fill SQLite's pages of 16 KB badly.
const SIZES = [200, 2048, 4000, 4001, 8300, 13_000, 26_000, 26_001, 50_000];
const CASES: readonly (readonly [number, 'long' | 'short'])[] = [
  ...SIZES.map((bytes) => [bytes, 'long'] as const),
  [200, 'short'],
  [2048, 'short'],
  [50_000, 'short'],
];

test.each(CASES)(
  'a tape of calls with different bodies of %i bytes and %s heads takes 1.3 times these and 1 KB a call',
  async (bodyBytes, heads) => {
    const count = bodyBytes > 3000 ? 600 : 2000;
    expect(await bytesACall(count, bodyBytes, heads)).toBeLessThan(1024);
  },
);
