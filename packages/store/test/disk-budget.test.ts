import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { openWriter } from '@calltape/store';
import { expect, test } from 'vitest';
import { finished, ownTape } from './own-tape.ts';

const CALLS = 10_000;
const REQUEST_HEADERS = Object.entries({
  Host: 'api.example.com',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, br',
  'User-Agent': 'example-node/4.2.1 (node 24.21.0; linux x64)',
  Connection: 'keep-alive',
  Authorization: 'Bearer sk_live_51HqLyjWDarjtT1zdp7dc4eC3',
}).flat();
const RESPONSE_HEADERS = Object.entries({
  'Content-Type': 'application/json; charset=utf-8',
  Connection: 'keep-alive',
  Date: 'Tue, 24 Nov 2026 15:04:05 GMT',
  'Cache-Control': 'no-cache, no-store',
  Vary: 'Origin',
  Server: 'nginx',
}).flat();

test.each([200, 2048, 50_000])(
  'a tape of calls with different bodies of %i bytes takes 1.3 times these and 1 KB a call',
  async (bodyBytes) => {
    const file = ownTape();
    const count = bodyBytes > 10_000 ? CALLS / 10 : CALLS;
    const writer = await openWriter(file, { name: 'run', source: 'proxy' });
    for (let n = 0; n < count; n += 1) {
      const draft = finished(
        `/v1/customers/cus_${n}?expand=default_source`,
        randomBytes(bodyBytes),
      );
      draft.headers = REQUEST_HEADERS;
      if (draft.response !== null) {
        draft.response.headers = [...RESPONSE_HEADERS, 'Request-Id', `req_${n}`];
      }
      Object.assign(draft.timings, { blocked: 0.1234, send: 0.2345, wait: 12.3456, receive: 0.3 });
      Object.assign(draft, { durationMs: 13.1234, ttfbMs: 12.9, peerAddress: '127.0.0.1' });
      writer.finish(draft);
      if (writer.full) await new Promise<void>((resolve) => writer.onceDrained(resolve));
    }
    await writer.close();
    const beyondBodies = statSync(file).size - 1.3 * bodyBytes * count;
    expect(beyondBodies / count).toBeLessThan(1024);
  },
);
