import { once } from 'node:events';
import { openTape } from '@calltape/store';
import type { CallRow } from '@calltape/store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import { answering, dial } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a call is on the tape as it was on the wire', async () => {
  const upstream = await answering(
    'HTTP/1.1 201 Made\r\nX-One: 1\r\ncontent-type: text/plain\r\nContent-Length: 4\r\n\r\nmade',
  );
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  const before = Date.now();
  await client
    .send('PUT /a//b?c=%20 HTTP/1.1\r\nhost: me:1\r\nx-two: 2\r\nContent-Length: 3\r\n\r\nabc')
    .until(/made$/);
  const { request, response, ...rest } = await recorder.row();
  expect(request).toMatchObject({
    method: 'PUT',
    url: `${upstream.url}/a//b?c=%20`,
    httpVersion: '1.1',
    headers: [
      ['host', 'me:1'],
      ['x-two', '2'],
      ['Content-Length', '3'],
    ],
    body: { size: 3 },
    trailers: [],
  });
  expect(response).toMatchObject({
    status: 201,
    statusText: 'Made',
    httpVersion: '1.1',
    headers: [
      ['X-One', '1'],
      ['content-type', 'text/plain'],
      ['Content-Length', '4'],
    ],
    body: { size: 4 },
    trailers: [],
    interim: [],
    chunks: [],
  });
  expect(rest).toMatchObject({
    outcome: 'complete',
    error: null,
    peerAddress: '127.0.0.1',
    source: 'proxy',
    fault: null,
  });
  expect(rest.startedAt).toBeGreaterThanOrEqual(before);
  expect(rest.startedAt).toBeLessThanOrEqual(Date.now());
});

test('the phases of a call add up to its duration; a kept connection has none for connecting', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await record(upstream.url);
  for (const path of ['/first', '/second']) {
    const client = await dial(recorder.port);
    await client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).until(/ok$/);
    await recorder.rows();
  }
  const [first, second] = await recorder.rows();
  expect(first?.timings).toMatchObject({ dns: null, ssl: null, connect: expect.any(Number) });
  expect(second?.timings).toMatchObject({ dns: null, ssl: null, connect: null });
  for (const call of [first, second]) {
    const { blocked, connect, send, wait, receive } = call?.timings ?? {};
    const phases = [blocked, connect, send, wait, receive].map((phase) => phase ?? 0);
    for (const phase of [blocked, send, wait, receive]) expect(phase).toBeGreaterThanOrEqual(0);
    const sum = phases.reduce((total, phase) => total + phase, 0);
    const duration = call?.durationMs ?? 0;
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(duration + 0.01);
    expect(call?.ttfbMs).toBeLessThanOrEqual(duration);
  }
});

test('a call that hangs shows as pending and becomes complete in its own row', async () => {
  const upstream = await httpUpstream((_request, response) => {
    upstream.server.emit('asked', response);
  });
  const recorder = await record(upstream.url, {}, { pendingAfterMs: 0 });
  const asked = once(upstream.server, 'asked');
  const client = await dial(recorder.port);
  client.send(GET);
  const [response] = await asked;
  const tape = openTape(recorder.writer.file);
  let rows: CallRow[] = [];
  while (rows.length === 0) {
    await nextTurn();
    rows = tape.calls();
  }
  tape.close();
  expect(rows[0]?.outcome).toBe('pending');
  expect(recorder.proxy.inFlight).toBe(1);
  response.end('done');
  await client.until(/done$/);
  expect(await recorder.row()).toMatchObject({ outcome: 'complete', id: rows[0]?.id });
});
