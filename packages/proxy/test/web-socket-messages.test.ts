import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openTape } from '@calltape/store';
import type { Message } from '@calltape/store';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import {
  closeInOrder,
  echoServer,
  exchange,
  frame,
  handshake,
  openSocket,
  switching,
} from './web-socket.ts';
import { dial, rawUpstream } from './wire.ts';
import type { Wire } from './wire.ts';

const MASK = [0xa1, 0x02, 0xb3, 0x04];

function told({ direction, kind, bytes }: Message): [string, string, string] {
  return [direction, kind, Buffer.from(bytes).toString('latin1')];
}

async function messagesOf(recorder: Recorder): Promise<Message[]> {
  return await recorder.messages((await recorder.row()).id);
}

/** A WebSocket of which the test decides every byte at both ends. */
async function rawSocket(
  recorder: Recorder,
  upstreamWire: Promise<Wire>,
  ...extensions: string[]
): Promise<[Wire, Wire]> {
  const client = await dial(recorder.port);
  client.send(handshake());
  const wire = await upstreamWire;
  await wire.until(/\r\n\r\n/);
  wire.send(switching(...extensions));
  await client.until(/\r\n\r\n/);
  return [client, wire];
}

async function ended(client: Wire, wire: Wire): Promise<void> {
  client.socket.end();
  wire.socket.end();
  await Promise.all([client.closed, wire.closed]);
}

test('every message is a row: text, binary, ping, pong and close, in both directions', async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url);
  const socket = await openSocket(recorder.port);
  await exchange(socket, 'grüß dich');
  await exchange(socket, Buffer.from([0, 255, 1]));
  const pong = once(socket, 'pong');
  socket.ping('are you there');
  await pong;
  await closeInOrder(socket, 4002, 'bye');
  const messages = await messagesOf(recorder);
  const text = Buffer.from('grüß dich').toString('latin1');
  expect(messages.map(told)).toEqual([
    ['sent', 'text', text],
    ['received', 'text', text],
    ['sent', 'binary', '\x00\xff\x01'],
    ['received', 'binary', '\x00\xff\x01'],
    ['sent', 'ping', 'are you there'],
    ['received', 'pong', 'are you there'],
    ['sent', 'close', '\x0f\xa2bye'],
    ['received', 'close', '\x0f\xa2bye'],
  ]);
  expect(
    messages.every(
      ({ problem, truncated, deflated }) => problem === null && !truncated && !deflated,
    ),
  ).toBe(true);
  const times = messages.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test.each([
  ['with a window that is kept', { threshold: 0 }],
  ['with a small window', { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 10 }],
  [
    'with a window for each message',
    { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  ],
])('compressed messages are stored as they were meant, %s', async (_how, perMessageDeflate) => {
  const echo = await echoServer({ perMessageDeflate });
  const recorder = await record(echo.url);
  const socket = await openSocket(recorder.port, '/', { perMessageDeflate });
  const sent = [
    'the same words again and again',
    'the same words again and again, and more',
    '',
    'x'.repeat(100_000),
    JSON.stringify(Array.from({ length: 3000 }, (_, at) => ({ at, word: 'again' }))),
    'the same words again and again',
  ];
  for (const message of sent) expect((await exchange(socket, message)).toString()).toBe(message);
  const noise = randomBytes(50_000);
  await exchange(socket, noise);
  await exchange(socket, noise);
  await closeInOrder(socket);
  const messages = await messagesOf(recorder);
  for (const direction of ['sent', 'received'] as const) {
    const data = messages.filter((one) => one.direction === direction && one.kind !== 'close');
    expect(data.map(({ problem, deflated }) => [problem, deflated])).toEqual(
      data.map(() => [null, false]),
    );
    expect(data.slice(0, sent.length).map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(
      sent,
    );
    expect(data.slice(sent.length).map(({ bytes }) => Buffer.compare(bytes, noise))).toEqual([
      0, 0,
    ]);
    expect(data[3]).toMatchObject({ size: 100_000 });
    expect(data[3]?.wireSize).toBeLessThan(1000);
  }
});

test('fragments are joined, control frames between them stand for themselves', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const [client, wire] = await rawSocket(recorder, upstream.wire());
  const bytes =
    frame(0x01, 'fra', MASK) +
    frame(0x89, 'p', MASK) +
    frame(0x00, 'gmen', [9, 8, 7, 6]) +
    frame(0x80, 'ted', MASK);
  // One byte at a time, so that every place is one where a piece may end.
  for (const byte of bytes) client.send(byte);
  await wire.until(new RegExp(`${frame(0x80, 'ted', MASK).replace(/[^\w]/g, '.')}$`, 's'));
  expect(wire.text.endsWith(bytes)).toBe(true);
  wire.send(frame(0x81, 'y'.repeat(70_000).slice(0, 65_000)));
  await client.until(/y{1000}$/);
  await ended(client, wire);
  const messages = await messagesOf(recorder);
  expect(messages.map(told)).toEqual([
    ['sent', 'ping', 'p'],
    ['sent', 'text', 'fragmented'],
    ['received', 'text', 'y'.repeat(65_000)],
  ]);
});

test('frames that break the rules go through as they are and are told as far as they can be', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const [client, wire] = await rawSocket(recorder, upstream.wire());
  const hostile =
    frame(0x81, 'not masked') +
    frame(0xf1, 'reserved', MASK) +
    frame(0x83, 'opcode', MASK) +
    frame(0x80, 'stray', MASK) +
    frame(0x89, 'p'.repeat(126), MASK) +
    frame(0x09, 'half a ping', MASK) +
    frame(0x01, 'never ended', MASK) +
    frame(0x81, '\xff\xfe', MASK) +
    '\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffmask and whatever';
  client.send(hostile);
  await wire.until(/whatever$/);
  expect(wire.text.endsWith(hostile)).toBe(true);
  wire.send(frame(0x81, 'masked', MASK));
  await client.until(/.{6}$/s);
  wire.send('\x81\x05unf');
  await client.until(/unf$/);
  await ended(client, wire);
  const messages = await messagesOf(recorder);
  expect(
    messages.map(({ kind, bytes, problem }) => [kind, Buffer.from(bytes).toString(), problem]),
  ).toEqual([
    ['text', 'not masked', 'not masked'],
    ['text', 'reserved', 'a reserved bit is set'],
    ['other', 'opcode', 'opcode 3 is not defined'],
    ['other', 'stray', 'it continues a message that has not begun'],
    ['ping', 'p'.repeat(126), 'a control frame longer than 125 bytes'],
    ['ping', 'half a ping', 'a control frame in fragments'],
    ['text', 'never ended', 'another message began before its end'],
    ['text', Buffer.from('\xff\xfe').toString(), null],
    ['other', '', expect.stringContaining('more than 2^53 bytes')],
    ['text', 'masked', 'masked by the upstream'],
    ['text', 'unf', 'its end did not come'],
  ]);
  expect(messages.at(-1)).toMatchObject({ size: 5, truncated: true });
});

test('what cannot be decompressed is kept as it came, and a gap does not turn into nonsense', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const [client, wire] = await rawSocket(
    recorder,
    upstream.wire(),
    'Sec-WebSocket-Extensions: permessage-deflate',
  );
  // RFC 7692 section 7.2.3.1 and 7.2.3.2: "Hello" compressed, then by reference to that.
  const hello = Buffer.from([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
  const again = Buffer.from([0xf2, 0x00, 0x11, 0x00, 0x00]);
  const parts = [hello, again, Buffer.from([0xff, 0xff, 0xff]), again, hello, again];
  wire.send(parts.map((part) => frame(0xc1, part)).join(''));
  wire.send(frame(0x81, 'plain'));
  await client.until(/plain$/);
  await ended(client, wire);
  const messages = await messagesOf(recorder);
  const bytes = messages.map((one) => [one.deflated, Buffer.from(one.bytes).toString('latin1')]);
  expect(bytes).toEqual([
    [false, 'Hello'],
    [false, 'Hello'],
    [true, '\xff\xff\xff'],
    [true, again.toString('latin1')],
    [false, 'Hello'],
    [false, 'Hello'],
    [false, 'plain'],
  ]);
  expect(messages[2]?.problem).toMatch(/^cannot be decompressed: /);
});

test('a message is cut at its limit, its true length is known', async () => {
  const echo = await echoServer({ perMessageDeflate: { threshold: 0 } });
  const recorder = await record(echo.url, { webSocketMessageLimit: 1000 });
  for (const perMessageDeflate of [false, { threshold: 0 }]) {
    const socket = await openSocket(recorder.port, '/', { perMessageDeflate });
    await exchange(socket, 'a'.repeat(5000));
    await exchange(socket, 'after');
    await closeInOrder(socket);
  }
  for (const row of await recorder.rows()) {
    const [long, , after] = await recorder.messages(row.id);
    expect(long).toMatchObject({ size: 5000, truncated: true });
    expect(long?.bytes).toHaveLength(1000);
    expect(Buffer.from(after?.bytes ?? []).toString()).toBe('after');
  }
});

test('of a WebSocket so many messages and bytes are kept, the rest is counted', async () => {
  const echo = await echoServer();
  const few = await record(echo.url, { webSocketKeepMessages: 5 });
  const small = await record(echo.url, { webSocketKeepBytes: 2500 });
  for (const { port } of [few, small]) {
    const socket = await openSocket(port);
    for (let n = 0; n < 10; n += 1) await exchange(socket, 'x'.repeat(1000));
    await closeInOrder(socket);
  }
  const rows = await few.rows();
  const [first, second] = rows;
  const kept = await few.messages(first?.id ?? 0);
  expect(kept.map(({ kind }) => kind)).toEqual([
    'text',
    'text',
    'text',
    'text',
    'text',
    'close',
    'close',
  ]);
  expect(first?.websocket).toMatchObject({
    sent: 11,
    received: 11,
    sentBytes: 10_002,
    dropped: 15,
  });
  const bytes = await few.messages(second?.id ?? 0);
  expect(bytes.filter(({ kind }) => kind === 'text').map((one) => one.bytes.length)).toEqual([
    1000, 1000, 500,
  ]);
  expect(second?.websocket).toMatchObject({ sent: 11, received: 11, dropped: 17 });
});

test('messages that swell are held to the bytes that are kept', async () => {
  const echo = await echoServer({ perMessageDeflate: { threshold: 0 } });
  const recorder = await record(echo.url, { webSocketKeepBytes: 150_000 });
  const socket = await openSocket(recorder.port, '/', { perMessageDeflate: { threshold: 0 } });
  for (let n = 0; n < 3; n += 1) await exchange(socket, 'z'.repeat(100_000));
  await closeInOrder(socket);
  const messages = await messagesOf(recorder);
  const kept = messages.reduce(
    (sum, { kind, bytes }) => sum + (kind === 'text' ? bytes.length : 0),
    0,
  );
  expect(kept).toBe(150_000);
  expect((await recorder.row()).websocket?.dropped).toBe(4);
});

test('a reader follows the messages of a WebSocket that is open', async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url, {}, {});
  const socket = await openSocket(recorder.port);
  const tape = openTape(recorder.writer.file);
  try {
    const received: string[] = [];
    let afterId = 0;
    for (let n = 0; n < 500; n += 1) socket.send(`message ${n}`);
    const deadline = performance.now() + 10_000;
    while (received.length < 1000 && performance.now() < deadline) {
      await delay(10);
      const [row] = tape.calls();
      if (row === undefined) continue;
      expect(row).toMatchObject({ outcome: 'pending', status: 101 });
      const messages = tape.messages(row.id, { afterId, limit: 100 });
      afterId = messages.at(-1)?.id ?? afterId;
      received.push(...messages.map(({ bytes }) => Buffer.from(bytes).toString()));
    }
    expect(received).toHaveLength(1000);
    expect(new Set(received).size).toBe(500);
    const [row] = tape.calls();
    expect(tape.exchange(row?.id ?? 0)?.websocket).toMatchObject({ sent: 500, received: 500 });
    const last = tape.messages(row?.id ?? 0, { end: 'last', limit: 2 });
    expect(last.map(({ id }) => id)).toEqual([afterId - 1, afterId]);
  } finally {
    tape.close();
  }
  await closeInOrder(socket);
  expect((await recorder.row()).outcome).toBe('complete');
});

test('secrets in messages do not reach the tape, those on the wire stay', async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url, {}, { redact: true });
  const secret = 'sk_live_51HabcDEFghiJKLmno';
  const socket = await openSocket(recorder.port);
  const text = JSON.stringify({ type: 'connection_init', key: secret, note: 'grüß' });
  expect((await exchange(socket, text)).toString()).toBe(text);
  await exchange(socket, Buffer.from(text));
  await closeInOrder(socket, 4000, secret);
  const messages = await messagesOf(recorder);
  expect(messages).toHaveLength(6);
  for (const { bytes } of messages) expect(Buffer.from(bytes).toString()).not.toContain(secret);
  expect(Buffer.from(messages[0]?.bytes ?? []).toString()).toContain('"note":"grüß"');
});
