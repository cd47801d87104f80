import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { serveCalltape } from '../scripts/calltape-process.ts';
import type { Serving } from '../scripts/calltape-process.ts';

const MB = 1024 * 1024;
const PIECE = Buffer.alloc(256 * 1024, 'calltape ');
const BIG = 100 * MB;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function upstream(handler: Handler): Promise<string> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
}

interface Recorded extends Serving {
  /** Resolves when so many calls have ended and are on the tape. */
  kept(calls: number): Promise<void>;
  /** Stops the recorder and reads what it has kept. */
  rows(): Promise<Exchange[]>;
}

async function recorder(target: string): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-limits-'));
  const tape = join(folder, 'calls.tape');
  const serving = await serveCalltape(['record', target, '--port', '0', '--tape', tape]);
  onTestFinished(async () => {
    await serving.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const kept = async (calls: number): Promise<void> => {
    const opened = openTape(tape);
    const ended = (): number =>
      opened.calls().filter(({ outcome }) => outcome === 'complete').length;
    try {
      await expect.poll(ended, { timeout: 20_000 }).toBe(calls);
    } finally {
      opened.close();
    }
  };
  const rows = async (): Promise<Exchange[]> => {
    expect((await serving.stop()).code).toBe(0);
    const opened = openTape(tape);
    try {
      return [...opened.exchanges()];
    } finally {
      opened.close();
    }
  };
  return { ...serving, kept, rows };
}

/** Memory of a process that is in use now, bytes. */
function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1024;
}

async function sendPieces(sink: NodeJS.WritableStream, length: number): Promise<void> {
  for (let sent = 0; sent < length; sent += PIECE.length) {
    if (!sink.write(PIECE)) await once(sink, 'drain');
  }
  sink.end();
}

async function call(
  url: string,
  options: RequestOptions,
  upload: number,
  onPiece: () => void = (): void => {},
): Promise<number> {
  const outgoing = request(url, options);
  const answered = once(outgoing, 'response');
  await sendPieces(outgoing, upload);
  const [answer]: IncomingMessage[] = await answered;
  let received = 0;
  if (answer === undefined) return received;
  for await (const piece of answer) {
    received += Buffer.from(piece).length;
    onPiece();
  }
  return received;
}

test('bodies of 100 MB pass in both directions in little memory', async () => {
  const target = await upstream((incoming, response) => {
    incoming.resume();
    incoming.once('end', () => {
      const size = incoming.url === '/warm' ? 0 : BIG;
      response.writeHead(200, { 'content-length': size });
      void sendPieces(response, size);
    });
  });
  const serving = await recorder(target);
  await call(`${serving.url}/warm`, { method: 'GET' }, 0);
  await serving.kept(1);
  const before = residentBytes(serving.pid);
  let peak = before;
  let pieces = 0;
  const look = (): void => {
    pieces += 1;
    if (pieces % 100 === 0) peak = Math.max(peak, residentBytes(serving.pid));
  };
  const headers = { 'content-length': BIG };
  for (let round = 0; round < 2; round += 1) {
    expect(await call(serving.url, { method: 'POST', headers }, BIG, look)).toBe(BIG);
    // What waits for a busy disk is bounded by the queue, not by what passes.
    await serving.kept(round + 2);
  }
  expect(peak - before).toBeLessThan(64 * MB);
  const rows = await serving.rows();
  expect(rows.map((row) => row.outcome)).toEqual(['complete', 'complete', 'complete']);
  expect(rows.at(-1)?.request.body.size).toBe(BIG);
  expect(rows.at(-1)?.response?.body.size).toBe(BIG);
  expect(rows.at(-1)?.response?.body.bytes).toHaveLength(10 * MB);
});

test('1,000 connections at once are all answered and all recorded', async () => {
  const waiting: (() => void)[] = [];
  const target = await upstream((incoming, response) => {
    // Nothing is answered before everyone is there.
    waiting.push(() => response.end(incoming.url));
    if (waiting.length === 1000) for (const answer of waiting) answer();
  });
  const serving = await recorder(target);
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const lengths = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => call(`${serving.url}/${1000 + n}`, { agent }, 0)),
  );
  expect(lengths.every((length) => length === '/1000'.length)).toBe(true);
  const rows = await serving.rows();
  expect(rows).toHaveLength(1000);
  expect(new Set(rows.map((row) => row.request.url)).size).toBe(1000);
  expect(rows.every((row) => row.outcome === 'complete')).toBe(true);
});
