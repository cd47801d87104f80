import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial, rawUpstream } from './wire.ts';
import type { RawUpstream } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** Answers the first request on a connection and resets it on the second, as a stale one would. */
async function stale(onSecond: string | null = null): Promise<RawUpstream> {
  return await rawUpstream((wire) => {
    let requests = 0;
    wire.socket.on('data', () => {
      requests += 1;
      if (requests === 1) wire.send(OK);
      else if (onSecond === null) wire.socket.resetAndDestroy();
      else wire.socket.end(onSecond);
    });
  });
}

test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])(
  '%s is sent once more when a kept connection turns out to be closed',
  async (method) => {
    const upstream = await stale();
    const recorder = await record(upstream.url);
    const client = await dial(recorder.port);
    await client.send(GET).until(/ok$/);
    client.text = '';
    await client.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`).until(/200 OK\r\n.*\r\n\r\n/s);
    expect(upstream.wires).toHaveLength(2);
    const rows = await recorder.rows();
    expect(rows.map(({ outcome, retries }) => [outcome, retries])).toEqual([
      ['complete', 0],
      ['complete', 1],
    ]);
  },
);

test.each([
  [
    'POST, which is not idempotent',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
    null,
  ],
  ['PUT with content', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na', null],
  ['a request of which an answer had begun', GET, 'HTTP/1.1 2'],
])('%s is not sent twice', async (_what, request, onSecond) => {
  const upstream = await stale(onSecond);
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  await client.send(GET).until(/ok$/);
  client.text = '';
  await client.send(request).until(/502 .*"UPSTREAM_RESET"/s);
  expect(upstream.wires).toHaveLength(1);
  expect((await recorder.rows())[1]).toMatchObject({
    error: { type: 'UPSTREAM_RESET' },
    retries: 0,
  });
});

test('a fresh connection that closes is not tried again', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.once('data', () => wire.socket.resetAndDestroy());
  });
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send(GET).until(/"UPSTREAM_RESET"/);
  expect(upstream.wires).toHaveLength(1);
});

test('a connection is kept no longer than the upstream says', async () => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () =>
      wire.send('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'),
    );
  });
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send(GET).until(/ok$/);
  expect(await (await upstream.wire()).closed).toBe('end');
});

test('an idle connection is closed a second before the upstream would', async () => {
  const upstream = await answering(
    'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok',
  );
  const { port } = await record(upstream.url);
  const client = await dial(port);
  await client.send(GET).until(/ok$/);
  client.text = '';
  await client.send(GET).until(/ok$/);
  expect(upstream.wires).toHaveLength(1);
  const idleSince = performance.now();
  expect(await (await upstream.wire()).closed).toBe('end');
  expect(performance.now() - idleSince).toBeGreaterThan(900);
});
