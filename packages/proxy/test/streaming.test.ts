import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { record } from './recorder.ts';
import { lockTape } from './tape-lock.ts';
import { answering, dial, rawUpstream } from './wire.ts';
import type { RawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const PIECE = Buffer.alloc(64 * 1024, 'x');
const PIECES = 1024;
const TOTAL = PIECE.length * PIECES;
const BIG_ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`;

/** Writes the big content as fast as the connection takes it. */
class Flood {
  sent = 0;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async run(): Promise<void> {
    for (let piece = 0; piece < PIECES; piece += 1) {
      this.sent += PIECE.length;
      if (!this.#socket.write(PIECE)) await once(this.#socket, 'drain');
    }
  }

  /** Resolves once nothing more is taken. */
  async stalled(): Promise<void> {
    let before = -1;
    while (this.sent !== before) {
      before = this.sent;
      await delay(100);
    }
  }
}

function drain(socket: Socket): { readonly received: number } {
  const counter = { received: 0 };
  socket.on('data', (bytes: Buffer) => {
    counter.received += bytes.length;
  });
  return counter;
}

test('an event stream is passed on live, each event with the time it came', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
  await client.until(/text\/event-stream\r\n.*\r\n\r\n$/s);
  for (const event of ['data: 1\n\n', 'data: 22\n\n', 'data: 333\n\n']) {
    wire.send(event);
    await client.until(new RegExp(event));
  }
  wire.socket.end();
  await client.until(/0\r\n\r\n$/);
  const { response, ttfbMs, durationMs } = await recorder.row();
  expect(response?.chunks.map(({ size }) => size)).toEqual([9, 10, 11]);
  const times = response?.chunks.map(({ atMs }) => atMs) ?? [];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(ttfbMs ?? Infinity);
  expect(times[2]).toBeLessThanOrEqual(durationMs ?? 0);
});

test('content with a length has no arrival times', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  await client.send(GET).until(/ok$/);
  expect((await recorder.row()).response?.chunks).toEqual([]);
});

test('an upload may wait for the answer to begin', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n');
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab');
  await client.until(/ab$/);
  client.send('one');
  await wire.until(/one$/);
  wire.send('cd');
  await client.until(/abcd$/);
  client.send('two');
  await wire.until(/onetwo$/);
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'complete', request: { body: { size: 6 } } });
});

test('an answer that comes before the upload is over ends the call when the upstream closes', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  const wire = await upstream.wire();
  await wire.until(/abc$/);
  wire.socket.end('HTTP/1.1 413 Too Big\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno');
  await client.until(/no$/);
  expect(await recorder.row()).toMatchObject({ outcome: 'complete', response: { status: 413 } });
  client.send('defghij');
  client.text = '';
  await client.send(GET).until(/^/);
  expect(await (await upstream.wire(1)).until(/\r\n\r\n$/)).toMatch(/^GET \/ /);
});

test('a client that does not read stops the upstream', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  wire.send(BIG_ANSWER);
  await client.until(/\r\n\r\n/);
  client.socket.pause();
  const flood = new Flood(wire.socket);
  const running = flood.run();
  await flood.stalled();
  expect(flood.sent).toBeLessThan(TOTAL);
  client.socket.removeAllListeners('data');
  const counter = drain(client.socket);
  client.socket.resume();
  await running;
  while (counter.received < TOTAL) await once(client.socket, 'data');
  expect(await recorder.row()).toMatchObject({
    outcome: 'complete',
    response: { body: { size: TOTAL } },
  });
});

test('an upstream that does not read stops the client', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${TOTAL}\r\n\r\n`);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  wire.socket.pause();
  const flood = new Flood(client.socket);
  const running = flood.run();
  await flood.stalled();
  expect(flood.sent).toBeLessThan(TOTAL);
  wire.socket.removeAllListeners('data');
  const counter = drain(wire.socket);
  wire.socket.resume();
  await running;
  while (counter.received < TOTAL) await once(wire.socket, 'data');
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  await client.until(/ok$/);
  expect(await recorder.row()).toMatchObject({
    outcome: 'complete',
    request: { body: { size: TOTAL } },
  });
});

/** Fills the writer's queue while the tape is locked; returns what unlocks it. */
async function fillQueue(
  recorder: Awaited<ReturnType<typeof record>>,
): Promise<() => Promise<void>> {
  const unlock = await lockTape(recorder.writer.file);
  const client = await dial(recorder.port);
  await client.send('GET /fill HTTP/1.1\r\nHost: a\r\n\r\n').until(/200 OK/);
  while (!recorder.writer.full) await nextTurn();
  return unlock;
}

/** Answers everything but `/download`, whose connection is the test's. */
async function mixedUpstream(): Promise<RawUpstream> {
  return await rawUpstream((wire) => {
    wire.socket.on('data', (bytes: Buffer) => {
      if (bytes.toString('latin1').startsWith('GET /download')) return;
      wire.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
}

test('while the tape cannot keep up, no call is started and no content is read', async () => {
  const upstream = await mixedUpstream();
  const recorder = await record(upstream.url, {}, { maxQueuedBytes: 1 });
  const download = await dial(recorder.port);
  download.send('GET /download HTTP/1.1\r\nHost: a\r\n\r\n');
  const wire = await upstream.wire();
  wire.send(BIG_ANSWER);
  await download.until(/\r\n\r\n/);
  download.socket.removeAllListeners('data');
  const counter = drain(download.socket);
  const unlock = await fillQueue(recorder);
  const known = upstream.wires.length;
  const later = await dial(recorder.port);
  later.send('GET /later HTTP/1.1\r\nHost: a\r\n\r\n');
  const flood = new Flood(wire.socket);
  const running = flood.run();
  await flood.stalled();
  expect(flood.sent).toBeLessThan(TOTAL);
  expect(later.text).toBe('');
  expect(upstream.wires.slice(known)).toEqual([]);
  await unlock();
  await later.until(/ok$/);
  await running;
  while (counter.received < TOTAL) await once(download.socket, 'data');
  const rows = await recorder.rows();
  expect(rows.map(({ outcome }) => outcome)).toEqual(['complete', 'complete', 'complete']);
});

test('beyond the limit only the first bytes are kept, all of them are counted and passed on', async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => {
      wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
      wire.socket.write(content);
    });
  });
  const recorder = await record(upstream.url, { bodyLimit: 100_000 });
  const answer = await fetch(recorder.proxy.url, { method: 'POST', body: content });
  const sha = createHash('sha256').update(Buffer.from(await answer.arrayBuffer()));
  expect(sha.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  const { request, response } = await recorder.row();
  for (const body of [request.body, response?.body]) {
    expect(body?.size).toBe(content.length);
    expect(Buffer.compare(body?.bytes ?? new Uint8Array(), content.subarray(0, 100_000))).toBe(0);
  }
});

test('a slow client reads to the last byte what was sent', async () => {
  const content = randomBytes(4 * 1024 * 1024);
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => {
      wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
      wire.socket.write(content);
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const pieces: Buffer[] = [];
  client.socket.removeAllListeners('data');
  client.socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 1);
  });
  client.send(GET);
  await vi.waitUntil(() => Buffer.concat(pieces).length >= content.length, { timeout: 15_000 });
  expect(Buffer.concat(pieces).subarray(-content.length).equals(content)).toBe(true);
  const { response } = await recorder.row();
  expect(Buffer.from(response?.body.bytes ?? []).equals(content)).toBe(true);
});
