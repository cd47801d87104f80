// A durable recorder shows no client the end of an answer before the call is on the disk. A lock on
// the tape holds the disk back for as long as a test wants.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { openTape } from '@calltape/store';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { lockTape } from './tape-lock.ts';
import { answering, dial, rawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

async function handedOver(recorder: Recorder): Promise<void> {
  while (recorder.proxy.inFlight === 0) await nextTurn();
  while (recorder.proxy.inFlight > 0) await nextTurn();
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

function countOn(recorder: Recorder): number {
  const tape = openTape(recorder.writer.file);
  try {
    return tape.count();
  } finally {
    tape.close();
  }
}

test.each([
  ['a declared length', GET, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', /hello$/],
  [
    'chunks',
    GET,
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    /\r\n0\r\n\r\n$/,
  ],
  ['no content', GET, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', /200 OK/],
  ['204', GET, 'HTTP/1.1 204 No Content\r\n\r\n', /204 No Content/],
  ['HEAD', GET.replace('GET', 'HEAD'), 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', /200 OK/],
  ['an answer that is no HTTP', GET, 'SMTP ready\r\n\r\n', /UPSTREAM_PROTOCOL/],
])('with %s', async (_name, request, answer, end) => {
  const upstream = await answering(answer);
  const recorder = await record(upstream.url, {}, { durable: true });
  const unlock = await lockTape(recorder.writer.file);
  const client = await dial(recorder.port);
  client.send(request);
  await handedOver(recorder);
  expect(client.text).not.toMatch(end);
  await unlock();
  await client.until(end);
  expect(countOn(recorder)).toBe(1);
});

test('what comes before the end is not held back', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url, {}, { durable: true });
  const unlock = await lockTape(recorder.writer.file);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
  await client.until(/first$/);
  wire.send('other');
  await handedOver(recorder);
  expect(client.text).toMatch(/first$/);
  await unlock();
  await client.until(/firstother$/);
});

test('an answer that comes before the upload is over ends all the same, on the tape as pending', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url, {}, { durable: true });
  const client = await dial(recorder.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc');
  const wire = await upstream.wire();
  await wire.until(/abc$/);
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly');
  await client.until(/early$/);
  const tape = openTape(recorder.writer.file);
  expect(tape.calls()).toMatchObject([{ id: 1, outcome: 'pending', status: 200 }]);
  client.send('def');
  await wire.until(/abcdef$/);
  expect(await recorder.row()).toMatchObject({ id: 1, outcome: 'complete' });
  expect(tape.exchange(1)?.request.body.size).toBe(6);
  tape.close();
});

test('many calls at once share commits', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await record(upstream.url, {}, { durable: true });
  const unlock = await lockTape(recorder.writer.file);
  const clients = await Promise.all(Array.from({ length: 50 }, () => dial(recorder.port)));
  for (const client of clients) client.send(GET);
  await handedOver(recorder);
  await unlock();
  await Promise.all(clients.map((client) => client.until(/ok$/)));
  expect(countOn(recorder)).toBe(50);
});
