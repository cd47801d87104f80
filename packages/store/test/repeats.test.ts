import { nextRepeat, openPruner, openTape, openWriter } from '@calltape/store';
import type { CallDraft, FlatHeaders, WriterOptions } from '@calltape/store';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { ask, finished, ownTape } from './own-tape.ts';

const recording = { name: 'served', source: 'mock' } as const;
const STARTED_AT = 1_790_000_000_000;

/** All that calls leave on a tape, row by row. */
function rowsOf(file: string): Record<string, unknown[]> {
  const database = new Database(file, { readonly: true });
  const tables = ['exchange', 'endpoint', 'body', 'body_piece', 'header_line', 'placeholder'];
  try {
    return Object.fromEntries(
      tables.map((table) => [
        table,
        database.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all(),
      ]),
    );
  } finally {
    database.close();
  }
}

interface Part {
  readonly headers: FlatHeaders;
  readonly body: string;
}

interface Kind {
  readonly path: string;
  readonly request: Part;
  readonly answer: Part;
  readonly change?: (draft: CallDraft, n: number) => void;
}

const BEARER = ['Host', 'm', 'Authorization', 'Bearer sk_test_0123456789abcdef'];
const JSON_TYPE = ['Content-Type', 'application/json'];
const SECRET = '{"password":"correct horse","n":1}';
const plain: Part = { headers: ['Host', 'm'], body: '' };
const told: Part = { headers: [...JSON_TYPE, 'Server', 's'], body: '{"id":1}' };

const KINDS: readonly Kind[] = [
  { path: '/v1/things/1', request: plain, answer: told },
  {
    path: '/v1/things/2?api_key=abcdefgh12345678',
    request: { ...plain, headers: BEARER },
    answer: told,
  },
  {
    path: '/login',
    request: { headers: JSON_TYPE, body: SECRET },
    answer: { headers: [...JSON_TYPE, 'Set-Cookie', 'sid=0123456789abcdef'], body: SECRET },
  },
  {
    path: '/large',
    request: plain,
    answer: { headers: ['X', 'y', 'X', 'y'], body: 'large '.repeat(2000) },
  },
  { path: '/empty', request: { headers: [], body: '' }, answer: { headers: [], body: '' } },
  {
    path: '/faulted',
    request: plain,
    answer: told,
    change: (draft, n) => {
      if (n % 2 === 0) draft.fault = `GET /faulted latency=${n}ms`;
    },
  },
  {
    path: '/chunked',
    request: plain,
    answer: told,
    change: ({ response }, n) => response?.chunks.push(n, 4, n + 1, 4),
  },
];

/** Calls of each kind over and over; every fifth has a head that no other has. */
function calls(rounds: number): { draft: CallDraft; kind: number; isOwn: boolean }[] {
  return Array.from({ length: rounds * KINDS.length }, (_, n) => {
    const at = n % KINDS.length;
    const kind = KINDS[at];
    if (kind === undefined) throw new Error('no kind');
    const draft = finished(kind.path, kind.answer.body);
    const isOwn = n % 5 === 4;
    draft.startedAt = STARTED_AT + n;
    draft.headers = isOwn
      ? [...kind.request.headers, 'X-Request-Id', `id ${n}`]
      : kind.request.headers;
    const bytes = Buffer.from(kind.request.body);
    draft.body = { pieces: [bytes], size: bytes.length, hash: null };
    if (draft.response !== null) draft.response.headers = kind.answer.headers;
    draft.durationMs = n / 8;
    draft.ttfbMs = n / 16;
    draft.timings = { ...draft.timings, send: 1, wait: n / 32, receive: n / 64 };
    kind.change?.(draft, n);
    return { draft, kind: at, isOwn };
  });
}

async function write(file: string, tells: boolean, options: WriterOptions): Promise<void> {
  const numbers = KINDS.map(() => ({ request: nextRepeat(), answer: nextRepeat() }));
  const writer = await openWriter(file, recording, options);
  for (const [n, { draft, kind, isOwn }] of calls(12).entries()) {
    const { request = 0, answer = 0 } = numbers[kind] ?? {};
    if (tells) draft.repeats = { request: isOwn ? 0 : request, answer };
    writer.begin(draft);
    writer.finish(draft);
    if (n % 20 === 19) await writer.flush();
  }
  await writer.close();
  expect(writer.stats).toMatchObject({ writtenCalls: 12 * KINDS.length, lostCalls: 0 });
}

test.each([
  ['redacted', {}],
  ['as they are', { redact: false }],
  ['where each is waited for', { durable: true }],
])(
  'calls of which it is told that they repeat have the same rows as others, %s',
  async (_name, options) => {
    const [one, other] = [ownTape(), ownTape()];
    await write(one, false, options);
    await write(other, true, options);
    expect(rowsOf(other)).toEqual(rowsOf(one));
    expect(ask(other, 'SELECT count(*) FROM exchange')).toEqual([12 * KINDS.length]);
  },
);

/** A call whose content is another's each time, told to be the same. */
function lying(body: string, repeats: CallDraft['repeats']): CallDraft {
  const draft = finished('/a', body);
  draft.headers = ['Host', 'm'];
  draft.repeats = repeats;
  return draft;
}

function bodies(file: string): string[] {
  const tape = openTape(file);
  try {
    return Array.from(tape.exchanges(), ({ response }) =>
      Buffer.from(response?.body.bytes ?? []).toString(),
    );
  } finally {
    tape.close();
  }
}

test('a part that came twice is not read again, until rows have gone from the tape', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { redact: false });
  const repeats = { request: nextRepeat(), answer: nextRepeat() };
  const add = async (...all: readonly string[]): Promise<void> => {
    for (const body of all) writer.finish(lying(body, repeats));
    await writer.flush();
  };
  await add('first', 'again', 'unread');
  await add('unread');
  expect(bodies(file)).toEqual(['first', 'again', 'again', 'again']);
  const pruner = openPruner(file);
  for (const _ of pruner.run(pruner.plan({ keep: {} }), { keep: {} }));
  pruner.close();
  await add('after', 'after', 'unread');
  await writer.close();
  expect(bodies(file)).toEqual(['after', 'after', 'after']);
  expect(ask(file, `SELECT name || uses FROM header_line WHERE name = 'Host'`)).toEqual(['Host3']);
});

test('a part is made anew when retention has deleted what it refers to', async () => {
  const file = ownTape();
  const writer = await openWriter(file, recording, { redact: false, keep: { maxCalls: 2 } });
  const repeats = { request: nextRepeat(), answer: nextRepeat() };
  for (let n = 0; n < 3; n += 1) writer.finish(lying('same', repeats));
  writer.finish(finished('/b', 'one'));
  writer.finish(finished('/b', 'two'));
  await expect.poll(() => bodies(file), { timeout: 5000 }).toEqual(['one', 'two']);
  for (let n = 0; n < 2; n += 1) writer.finish(lying('same', repeats));
  await writer.flush();
  expect(bodies(file)).toEqual(['one', 'two', 'same', 'same']);
  await writer.close();
  expect(writer.stats.lostCalls).toBe(0);
});
