import { expect, onTestFinished, test } from 'vitest';
import { Listener } from '../src/listener.ts';
import { dial, listening } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

async function listenWith(
  answer: ConstructorParameters<typeof Listener>[0],
): Promise<{ port: number; listener: Listener }> {
  const listener = new Listener(answer, { times: { headTimeoutMs: 60, checkEveryMs: 10 } });
  const port = await listening(listener.server);
  onTestFinished(async () => {
    const closed = listener.close();
    listener.cut();
    await closed;
  });
  return { port, listener };
}

test('a head that does not arrive in time is answered with 408', async () => {
  const { port } = await listenWith((_request, response) => {
    response.end();
    return null;
  });
  const client = await dial(port);
  expect(await client.send('GET / HTTP/1.1\r\nHo').rest()).toMatch(
    /^HTTP\/1\.1 408 .*REQUEST_HEAD_TIMEOUT/s,
  );
});

test('a connection on which nothing comes is closed without a word', async () => {
  const { port } = await listenWith((_request, response) => {
    response.end();
    return null;
  });
  const client = await dial(port);
  expect(await client.rest()).toBe('');
});

test('an answerer that throws costs its own request only', async () => {
  const { port } = await listenWith((request, response) => {
    if (request.url === '/bad') throw new Error('on purpose');
    response.end('ok');
    return null;
  });
  const bad = await dial(port);
  expect(await bad.send('GET /bad HTTP/1.1\r\nHost: a\r\n\r\n').rest()).toMatch(
    /^HTTP\/1\.1 500 .*"INTERNAL_ERROR".*on purpose/s,
  );
  const good = await dial(port);
  await good.send(GET).until(/ok/);
});

test('what is due is answered before a connection closes, nothing new is taken', async () => {
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<() => void>();
  const { port, listener } = await listenWith((_request, response) => {
    tellAsked(() => response.end('late'));
    return null;
  });
  const [busy, idle] = [await dial(port), await dial(port)];
  busy.send(GET);
  const answer = await asked;
  const closed = listener.close();
  expect(await idle.rest()).toBe('');
  answer();
  expect(await busy.rest()).toMatch(/\r\nConnection: close\r\n.*late/s);
  await closed;
});
