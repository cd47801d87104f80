// Bodies of calls under way that take too much memory together wait in a file; the tape does not show it.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import { lockTape } from './tape-lock.ts';
import { dial } from './wire.ts';

const UPLOADS = 60;
const BYTES = 1024 * 1024;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain');
}

test.each([
  ['whole', 10 * BYTES, BYTES],
  ['cut by the limit', 700_000, 700_000],
])('bodies that were put aside are on the tape %s', async (_name, bodyLimit, kept) => {
  const received = new Map<string, number>();
  const upstream = await httpUpstream((request, response) => {
    const path = request.url ?? '';
    request.on('data', (piece: Buffer) => {
      received.set(path, (received.get(path) ?? 0) + piece.length);
    });
    request.on('end', () => response.end('ok'));
  });
  const recorder = await record(upstream.url, { bodyLimit }, { redact: false });
  const unlock = await lockTape(recorder.writer.file);
  const bodies = Array.from({ length: UPLOADS }, () => randomBytes(BYTES));
  const clients = await Promise.all(bodies.map(() => dial(recorder.port)));
  await Promise.all(
    clients.map(async ({ socket }, n) => {
      socket.write(`PUT /${n} HTTP/1.1\r\nHost: a\r\nContent-Length: ${BYTES}\r\n\r\n`);
      await write(socket, bodies[n]?.subarray(0, -10) ?? Buffer.alloc(0));
    }),
  );
  while ([...received.values()].filter((size) => size === BYTES - 10).length < UPLOADS) {
    await once(AbortSignal.timeout(10), 'abort');
  }
  for (const [n, { socket }] of clients.entries()) socket.write(bodies[n]?.subarray(-10) ?? '');
  await unlock();
  await Promise.all(clients.map((client) => client.until(/ok$/)));
  const rows = await recorder.rows();
  expect(rows).toHaveLength(UPLOADS);
  for (const { request, outcome } of rows) {
    const sent = bodies[Number(new URL(request.url).pathname.slice(1))];
    expect([outcome, request.body.size, request.body.bytes.length]).toEqual([
      'complete',
      BYTES,
      kept,
    ]);
    expect(digest(request.body.bytes)).toBe(digest(sent?.subarray(0, kept) ?? Buffer.alloc(0)));
  }
});
