import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { openTape } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import { expect, it } from 'vitest';
import { recordingsOf } from '../src/recordings-of.ts';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { makeTape } from './tape.ts';
import type { Told } from './tape.ts';

const LARGE = randomBytes(200_000);
const HEADERS = ['Accept', '*/*', 'X-Text', 'Grüße "2"', 'Set-Cookie', 'a', 'Set-Cookie', 'b'];
const CALLS: readonly Told[] = [
  { url: '/plain', answer: 'plain', headers: HEADERS },
  { url: '/again', answer: 'plain', headers: HEADERS, ttfbMs: 1.5, durationMs: 2.25 },
  { url: '/third', answer: 'plain', headers: [...HEADERS, 'Date', 'today'] },
  { method: 'POST', url: '/large', body: 'sent', answer: LARGE },
  { url: '/cut', answer: 'beg', answerSize: 9, outcome: 'truncated' },
  { url: '/none', noAnswer: true, outcome: 'error', errorType: 'ECONNRESET' },
  { url: '/empty', response: { status: 204, statusText: 'No Content' }, answerHeaders: [] },
  {
    url: '/streamed',
    answer: 'onetwo',
    answerHeaders: ['Transfer-Encoding', 'chunked'],
    response: {
      trailers: ['X-End', 'yes'],
      interim: [{ status: 103, statusText: 'Early Hints', headers: ['Link', '<a>'], atMs: 1 }],
      chunks: [2, 3, 3, 3],
    },
  },
];

/** Bytes as text, of whatever kind they are. */
function plain(exchanges: readonly Exchange[]): unknown {
  return JSON.parse(
    JSON.stringify(exchanges, (_, one: unknown) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one,
    ),
  );
}

it('gives each exchange back as the tape has it', async () => {
  const file = await makeTape(CALLS);
  const kept = Array.from(recordingsOf(file), ({ exchange }) => exchange);
  const tape = openTape(file);
  const written = [...tape.exchanges()];
  tape.close();
  expect(kept).toHaveLength(CALLS.length);
  expect(plain(kept)).toEqual(plain(written));
});

it('plays a tape that is gone from the disk', async () => {
  const file = await makeTape(CALLS);
  const mock = await mockOf(file);
  await rm(file);
  expect((await send(mock, '/large', { method: 'POST' }, 'sent')).body.equals(LARGE)).toBe(true);
  expect((await send(mock, '/streamed')).trailers).toEqual(['X-End', 'yes']);
});
