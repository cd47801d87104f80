import { expect, test } from 'vitest';
import { startProxy } from '@calltape/proxy';
import { record } from './recorder.ts';
import { answering, dial, talk } from './wire.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n';

async function get(port: number, target: string): Promise<string> {
  return await talk(port, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
}

test('each call goes to the upstream of the longest prefix it is below, without the prefix', async () => {
  const [one, two, rest] = [
    await answering(`${OK}one`),
    await answering(`${OK}two`),
    await answering(`${OK}all`),
  ];
  const { port, ...recorder } = await record(rest.url, {
    routes: { '/one': one.url, '/one/two': `${two.url}/base` },
  });
  expect(await get(port, '/one//a?b')).toContain('one');
  expect(await get(port, '/one')).toContain('one');
  expect(await get(port, '/one/two/c')).toContain('two');
  expect(await get(port, '/ones')).toContain('all');
  expect(await get(port, '/')).toContain('all');
  expect((await recorder.rows()).map(({ request }) => request.url)).toEqual([
    `${one.url}//a?b`,
    `${one.url}/`,
    `${two.url}/base/c`,
    `${rest.url}/ones`,
    `${rest.url}/`,
  ]);
});

test('a call below no prefix is told which there are', async () => {
  const one = await answering(`${OK}one`);
  const { port } = await record(null, { routes: { '/one': one.url } });
  const answer = await get(port, '/two');
  expect(answer).toMatch(/^HTTP\/1\.1 404 .*\r\n/);
  expect(answer).toContain(`/one (${one.url})`);
});

test('a URL of an upstream is moved below its prefix', async () => {
  const one = await answering(OK);
  const location = `Location: ${one.url}/next\r\nContent-Length: 0\r\n\r\n`;
  one.server.removeAllListeners('connection');
  one.server.on('connection', (socket) => {
    socket.once('data', () => socket.end(`HTTP/1.1 302 Found\r\n${location}`));
  });
  const { port } = await record(null, { routes: { '/one': one.url } });
  const client = await dial(port);
  await client.send('GET /one/x HTTP/1.1\r\nHost: me:1\r\n\r\n').until(/\r\n\r\n$/);
  expect(client.text).toContain('Location: http://me:1/one/next\r\n');
});

test.each(['one', '/one/', '/', '', '/a?b'])('%j is no prefix', async (prefix) => {
  const { writer } = await record(null);
  const routes = { [prefix]: 'http://127.0.0.1:1' };
  await expect(startProxy({ writer, port: 0, routes })).rejects.toMatchObject({
    code: 'ROUTE_INVALID',
  });
});
