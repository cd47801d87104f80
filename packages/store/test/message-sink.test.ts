import Database from 'better-sqlite3';
import { deflateRawSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { MessageInflater } from '../src/message-inflater.ts';
import { messagesOf } from '../src/message-row.ts';
import { MessageSink } from '../src/message-sink.ts';
import type { DraftMessage } from '../src/message.ts';
import { createRedactor } from '../src/redact.ts';
import { MIGRATIONS } from '../src/schema.ts';

function message(text: string, parts: Partial<DraftMessage> = {}): DraftMessage {
  const bytes = Buffer.from(text);
  return {
    direction: 'sent',
    kind: 'text',
    atMs: 1,
    size: bytes.length,
    wireSize: bytes.length,
    pieces: [bytes],
    deflated: false,
    inflate: false,
    dropped: 0,
    limit: 100,
    budget: 1000,
    problem: null,
    ...parts,
  };
}

function compressed(bytes: Buffer): DraftMessage {
  const size = bytes.length;
  return message('', { size, wireSize: size, pieces: [bytes], deflated: true, inflate: true });
}

// RFC 7692 section 7.2.3.2: "Hello", and "Hello" again by reference to the first.
const HELLO = Buffer.from([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
const AGAIN = Buffer.from([0xf2, 0x00, 0x11, 0x00, 0x00]);

/** Not what its first bits say: a block of a type that there is none of. */
const NOT_DEFLATED = Buffer.from('\x07token=sk_live_0123456789abcdef');

function tables(): Database.Database {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  for (const sql of MIGRATIONS) database.exec(sql);
  database.pragma('foreign_keys = OFF');
  return database;
}

function totalsOn(database: Database.Database): unknown {
  return database.prepare('SELECT sent, sent_bytes, dropped FROM websocket').get();
}

test('messages of a transaction that fails can be written again, or are counted as not kept', () => {
  const database = tables();
  const sink = new MessageSink(database, null);
  const commit = (): void => {
    sink.settle();
    database.exec('COMMIT');
    sink.committed();
  };
  const fail = (): void => {
    sink.settle();
    database.exec('ROLLBACK');
    sink.forget();
  };
  database.exec('BEGIN');
  sink.begin(7, 1);
  sink.put(7, 1, compressed(HELLO));
  commit();
  database.exec('BEGIN');
  sink.put(7, 1, compressed(AGAIN));
  fail();
  database.exec('BEGIN');
  sink.put(7, 1, compressed(AGAIN));
  commit();
  database.exec('BEGIN');
  sink.put(7, 1, compressed(AGAIN));
  sink.put(7, 1, message('lost'));
  fail();
  sink.lose(7, compressed(AGAIN));
  sink.lose(7, message('lost'));
  database.exec('BEGIN');
  sink.put(7, 1, compressed(AGAIN));
  sink.put(7, 1, message('after'));
  sink.end(7, 1);
  commit();
  const rows = messagesOf(database, 1, {});
  expect(rows.map(({ bytes, deflated }) => [String(bytes), deflated])).toEqual([
    ['Hello', false],
    ['Hello', false],
    [AGAIN.toString(), true],
    ['after', false],
  ]);
  expect(totalsOn(database)).toEqual({ sent: 6, sent_bytes: 31, dropped: 2 });
});

test.each([
  ['of messages in which no secret can be found', createRedactor(Buffer.alloc(32, 3)), ''],
  ['unless nothing is redacted', null, NOT_DEFLATED.toString()],
])('what cannot be decompressed is not kept: %s', (_when, searching, kept) => {
  const database = tables();
  const sink = new MessageSink(database, searching);
  sink.put(7, 1, compressed(NOT_DEFLATED));
  sink.put(7, 1, { ...compressed(HELLO), inflate: false, problem: 'two extensions' });
  sink.settle();
  const [broken, unread] = messagesOf(database, 1, {});
  const { length } = NOT_DEFLATED;
  expect(String(broken?.bytes)).toBe(kept);
  expect(broken).toMatchObject({ direction: 'sent', atMs: 1, size: length, wireSize: length });
  expect(broken).toMatchObject({ deflated: true, truncated: kept === '' });
  expect(broken?.problem).toMatch(/^cannot be decompressed: /);
  expect(unread).toMatchObject({ size: HELLO.length, problem: 'two extensions' });
  expect(unread?.bytes).toHaveLength(kept === '' ? 0 : HELLO.length);
});

test('a WebSocket over which nothing has gone has totals of nothing', () => {
  const database = tables();
  const sink = new MessageSink(database, null);
  sink.begin(1, 1);
  sink.settle();
  expect(totalsOn(database)).toEqual({ sent: 0, sent_bytes: 0, dropped: 0 });
});

test('a message that swells without end is given up, and does not take the next one along', () => {
  const inflater = new MessageInflater();
  const bomb = deflateRawSync(Buffer.alloc(70 * 1024 * 1024));
  expect(() => inflater.inflate(bomb)).toThrow();
  expect(String(inflater.inflate(HELLO))).toBe('Hello');
  expect(String(inflater.inflate(AGAIN))).toBe('Hello');
});
