import { once } from 'node:events';
import { expect, test } from 'vitest';
import { record } from './recorder.ts';
import { answering, dial, rawUpstream } from './wire.ts';
import type { RawUpstream, Wire } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
}

/** Sends one request after the other and waits for each answer. */
async function ask(client: Wire, ...paths: string[]): Promise<void> {
  for (const path of paths) {
    client.text = '';
    await client.send(get(path)).until(/ok$/);
  }
}

function pathsOf(upstream: RawUpstream): string[][] {
  return upstream.wires.map(({ text }) =>
    [...text.matchAll(/^GET (\S+)/gm)].map(([, path]) => path ?? ''),
  );
}

test('calls after one another share a connection', async () => {
  const upstream = await answering(OK);
  const { port } = await record(upstream.url);
  await ask(await dial(port), '/1', '/2');
  await ask(await dial(port), '/3');
  expect(pathsOf(upstream)).toEqual([['/1', '/2', '/3']]);
});

test('calls at the same time have connections of their own; the latest one is used again', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const [one, two] = [await dial(port), await dial(port)];
  one.send(get('/1'));
  await (await upstream.wire(0)).until(/\/1/);
  two.send(get('/2'));
  await (await upstream.wire(1)).until(/\/2/);
  for (const [index, client] of [two, one].entries()) {
    (await upstream.wire(1 - index)).send(OK);
    await client.until(/ok$/);
  }
  two.send(get('/3'));
  await (await upstream.wire(0)).until(/\/3/);
  expect(pathsOf(upstream)).toEqual([['/1', '/3'], ['/2']]);
});

test.each([
  ['that says close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
])('an answer %s is the last one on its connection', async (_what, answer) => {
  const upstream = await answering(answer);
  const { port } = await record(upstream.url);
  await ask(await dial(port), '/1', '/2');
  expect(pathsOf(upstream)).toEqual([['/1'], ['/2']]);
  expect(await (await upstream.wire()).closed).toBe('end');
});

test('a connection that the upstream has closed is not used, and nothing has to be sent again', async () => {
  const upstream = await answering(OK);
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  await ask(client, '/1');
  const wire = await upstream.wire();
  wire.socket.end();
  await once(wire.socket, 'close');
  await ask(client, '/2');
  expect(pathsOf(upstream)).toEqual([['/1'], ['/2']]);
  expect((await recorder.rows()).map(({ retries }) => retries)).toEqual([0, 0]);
});

test('after an answer that comes before the upload is over, the rest of it still goes out', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send('POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc');
  const wire = await upstream.wire();
  await wire.until(/abc$/);
  wire.send(OK);
  await client.until(/ok$/);
  client.send('def');
  await wire.until(/abcdef$/);
  await recorder.row();
  client.text = '';
  client.send(get('/2'));
  await wire.until(/abcdefGET \/2/);
  expect(upstream.wires).toHaveLength(1);
});

test('the connections that wait for use are closed with the proxy', async () => {
  const upstream = await answering(OK);
  const { proxy, port } = await record(upstream.url);
  const client = await dial(port);
  await ask(client, '/1');
  client.socket.end();
  await proxy.close();
  expect(await (await upstream.wire()).closed).toBe('end');
});
