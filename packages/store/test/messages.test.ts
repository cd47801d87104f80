import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTape, openWriter, importCalls, toHar } from '@calltape/store';
import type { DraftMessage, HarCall, Message, Tape } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import type { CallDraft } from '../src/draft.ts';
import { newDraft } from '../src/draft.ts';
import { closeReason } from '../src/message.ts';

const STARTED_AT = Date.UTC(2026, 10, 22, 9, 30);

async function freshFile(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-messages-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
}

function webSocket(): CallDraft {
  const draft = newDraft('GET', 'https://chat.test/socket');
  draft.startedAt = STARTED_AT;
  draft.response = {
    status: 101,
    statusText: 'Switching Protocols',
    httpVersion: '1.1',
    headers: ['Upgrade', 'websocket'],
    body: { pieces: [], size: 0, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
  return draft;
}

function message(payload: string | Buffer, parts: Partial<DraftMessage> = {}): DraftMessage {
  const bytes = Buffer.from(payload);
  return {
    direction: 'received',
    kind: 'text',
    atMs: 12.5,
    size: bytes.length,
    wireSize: bytes.length,
    pieces: [bytes],
    deflated: false,
    inflate: false,
    dropped: 0,
    limit: 1_000_000,
    budget: 1_000_000,
    problem: null,
    ...parts,
  };
}

const MESSAGES: readonly DraftMessage[] = [
  message('{"subscribe":"grüße"}', { direction: 'sent', atMs: 3 }),
  message(Buffer.from([0, 255, 128]), { kind: 'binary' }),
  message(Buffer.from([0xff, 0xfe]), { problem: 'not masked' }),
  message('cut', { size: 5000, wireSize: 4000 }),
  message(Buffer.from([0xf2, 0x00]), { deflated: true, problem: 'cannot be decompressed: x' }),
  message('x', { kind: 'other', problem: 'opcode 3 is not defined' }),
  message('', { kind: 'ping', direction: 'sent' }),
  message('', { kind: 'pong' }),
  message('gone', { dropped: 1, pieces: [], direction: 'sent' }),
  message(Buffer.from([0x03, 0xe8, 0x6f, 0x6b]), { kind: 'close', direction: 'sent' }),
];

async function write(file: string, calls: readonly HarCall[]): Promise<void> {
  const writer = await openWriter(file, { name: 'one', source: 'proxy' }, { redact: false });
  for (const call of calls) {
    if (call.messages !== undefined) writer.show(call);
    for (const one of call.messages ?? []) writer.message(call, one);
    call.outcome = 'complete';
    writer.finish(call);
  }
  await writer.close();
}

function read<T>(file: string, use: (tape: Tape) => T): T {
  const tape = openTape(file);
  try {
    return use(tape);
  } finally {
    tape.close();
  }
}

function harOf(file: string): string {
  return read(file, (tape) => [...toHar(tape.exchanges(), (id) => tape.messages(id))].join(''));
}

function totals(file: string): unknown {
  return read(file, (tape) => tape.exchange(1)?.websocket);
}

function messagesOn(file: string): Message[] {
  return read(file, (tape) => tape.messages(1));
}

test('messages are read back in pages, from both ends', async () => {
  const file = await freshFile('calls.tape');
  await write(file, [{ ...webSocket(), messages: MESSAGES }]);
  read(file, (tape) => {
    const all = tape.messages(1);
    expect(all).toHaveLength(9);
    expect(all[3]).toMatchObject({ size: 5000, wireSize: 4000, truncated: true, deflated: false });
    expect(tape.messages(1, { limit: 4 })).toEqual(all.slice(0, 4));
    expect(tape.messages(1, { afterId: all[3]?.id ?? 0 })).toEqual(all.slice(4));
    expect(tape.messages(1, { limit: 2, end: 'last' })).toEqual(all.slice(-2));
    expect(tape.messages(2)).toEqual([]);
    const { websocket, response } = tape.exchange(1) ?? {};
    expect(response?.status).toBe(101);
    expect(websocket).toEqual({
      sent: 4,
      sentBytes: 31,
      received: 6,
      receivedBytes: 4008,
      dropped: 1,
    });
  });
});

test('a WebSocket survives the way through a HAR', async () => {
  const [one, two] = [await freshFile('one.tape'), await freshFile('two.tape')];
  await write(one, [{ ...webSocket(), messages: MESSAGES }]);
  await write(two, importCalls(harOf(one), 'calls.har').drafts);
  expect(messagesOn(two)).toEqual(messagesOn(one));
  expect(totals(two)).toEqual(totals(one));
});

test('the HAR has the messages as Chrome writes them', async () => {
  const file = await freshFile('calls.tape');
  await write(file, [{ ...webSocket(), messages: MESSAGES.slice(0, 2) }]);
  const har: unknown = JSON.parse(harOf(file));
  const messages = [
    { type: 'send', opcode: 1, data: '{"subscribe":"grüße"}', time: (STARTED_AT + 3) / 1000 },
    { type: 'receive', opcode: 2, data: 'AP+A' },
  ];
  const entry = { _resourceType: 'websocket', _webSocketMessages: messages };
  expect(har).toMatchObject({ log: { entries: [entry] } });
});

test("Chrome's own come onto the tape", async () => {
  const file = await freshFile('calls.tape');
  const entry = {
    startedDateTime: new Date(STARTED_AT).toISOString(),
    time: 2000,
    request: { method: 'GET', url: 'wss://chat.test/socket', httpVersion: 'HTTP/1.1', headers: [] },
    response: { status: 101, statusText: 'Switching Protocols', headers: [], content: {} },
    timings: { send: 0, wait: 10, receive: 0 },
    _resourceType: 'websocket',
    _webSocketMessages: [
      { type: 'send', time: STARTED_AT / 1000 + 0.25, opcode: 1, data: 'hello' },
      { type: 'receive', time: STARTED_AT / 1000 + 0.5, opcode: 2, data: 'AAE=' },
    ],
  };
  await write(
    file,
    importCalls(JSON.stringify({ log: { entries: [entry] } }), 'chrome.har').drafts,
  );
  read(file, (tape) => {
    const messages = tape.messages(1);
    expect(messages.map(({ direction, kind, bytes }) => [direction, kind, [...bytes]])).toEqual([
      ['sent', 'text', [...Buffer.from('hello')]],
      ['received', 'binary', [0, 1]],
    ]);
    expect(messages.map(({ atMs }) => Math.round(atMs))).toEqual([250, 500]);
    expect(tape.exchange(1)?.websocket).toMatchObject({ sent: 1, received: 1, dropped: 0 });
  });
});

test('the reason of a close frame', () => {
  expect(closeReason(Buffer.from([0x0f, 0xa1, 0x6f, 0x6b]))).toEqual({ code: 4001, reason: 'ok' });
  expect(closeReason(Buffer.from([0x03]))).toBeNull();
});

test('a tape of the format before gains the tables', async () => {
  const file = await freshFile('old.tape');
  const { DatabaseSync } = await import('node:sqlite');
  const { APPLICATION_ID, MIGRATIONS } = await import('../src/schema.ts');
  const old = new DatabaseSync(file);
  old.exec('PRAGMA journal_mode = WAL');
  old.exec(MIGRATIONS[0] ?? '');
  old.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  old.close();
  read(file, (tape) => {
    expect(tape.messages(1)).toEqual([]);
  });
});
