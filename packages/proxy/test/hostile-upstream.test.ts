import { expect, test } from 'vitest';
import { bytesOf, read } from './answer-events.ts';
import { HOSTILE_CONTENT, HOSTILE_HEADS } from './hostile-answers.ts';
import { record } from './recorder.ts';
import { answering, dial, rawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test.each([...HOSTILE_HEADS, ...HOSTILE_CONTENT])(
  '%s is refused, in whatever pieces it comes',
  (_what, answer, reason) => {
    expect(read([bytesOf(answer)]).error).toMatch(reason);
    const single = Array.from(bytesOf(answer), (byte) => Buffer.of(byte));
    expect(read(single).error).toMatch(reason);
  },
);

test.each(HOSTILE_HEADS)(
  '%s: 502 and a row, and the next call goes well',
  async (_what, answer, reason) => {
    const upstream = await rawUpstream((wire) => {
      const isFirst = upstream.wires.length === 1;
      wire.socket.on('data', () => {
        wire.send(isFirst ? answer : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const recorder = await record(upstream.url);
    const client = await dial(recorder.port);
    const seen = await client.send(GET).until(/\r\n\r\n.*\}\n$/s);
    expect(seen).toMatch(/(?:^|\n)HTTP\/1\.1 502 .*\r\nx-calltape-error: UPSTREAM_PROTOCOL\r\n/s);
    expect(await (await upstream.wire()).closed).toBeDefined();
    client.text = '';
    await client.send(GET).until(/ok$/);
    const [row, next] = await recorder.rows();
    expect(row).toMatchObject({
      outcome: 'error',
      response: null,
      error: { type: 'UPSTREAM_PROTOCOL', message: expect.stringMatching(reason) },
    });
    expect(next?.outcome).toBe('complete');
  },
);

test.each(HOSTILE_CONTENT)('%s: cut, and a row that says so', async (_what, answer, reason) => {
  const recorder = await record((await answering(answer)).url);
  const client = await dial(recorder.port);
  const seen = await client.send(GET).rest();
  expect(seen).toMatch(/^HTTP\/1\.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n/);
  expect(seen).not.toMatch(/\r\n0\r\n/);
  expect(await recorder.row()).toMatchObject({
    outcome: 'truncated',
    response: { status: 200 },
    error: { type: 'UPSTREAM_PROTOCOL', message: expect.stringMatching(reason) },
  });
});

test.each([
  ['a second answer', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
  ['stray bytes', '\r\n'],
])('%s behind a whole one is not the answer to the next request', async (_what, stray) => {
  const upstream = await rawUpstream((wire) => {
    wire.socket.on('data', () => {
      wire.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${stray}`);
    });
  });
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  expect(await client.send(GET).until(/ok$/)).toMatch(/\r\n\r\nok$/);
  await (
    await upstream.wire()
  ).closed;
  client.text = '';
  expect(await client.send(GET).until(/ok$/)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
  expect(upstream.wires).toHaveLength(2);
  expect((await recorder.rows()).map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
});

test('bytes that come on an idle connection close it', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  await client.send(GET).until(/ok$/);
  const wire = await upstream.wire();
  wire.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
  await wire.closed;
  client.text = '';
  expect(await client.send(GET).until(/ok$/)).not.toContain('evil');
  expect(upstream.wires).toHaveLength(2);
});

test('content behind an answer to HEAD is not taken for the next answer', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody');
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  await client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').until(/\r\n\r\n$/);
  client.text = '';
  expect(await client.send(GET).until(/body$/)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
