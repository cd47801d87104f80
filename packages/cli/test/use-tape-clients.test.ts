// What else than fetch and node:http useTape catches, from an API whose certificate is its owner's own.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { openTape } from '@calltape/store';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { CERTIFICATE, KEY } from '../../proxy/test/certificate.ts';
import { findSecrets } from '../../store/test/secret-search.ts';
import { projectIn, runVitest } from './child-vitest.ts';
import { emptyFolder } from './run-cli.ts';

const TESTS = `
import { useTape } from 'calltape/vitest';
import { fetch as undiciFetch, getGlobalDispatcher, request } from 'undici';
import { afterAll, expect, test } from 'vitest';

const before = getGlobalDispatcher();
// Comes last: what is registered first is done last.
afterAll(() => expect(getGlobalDispatcher()).toBe(before));

const tape = useTape('api.tape', { local: true, ca: 'ca.pem', redact: ['json:$.nickname'] });
const url = process.env.API_URL;

test('by undici', async () => {
  const { body } = await request(url + '/one');
  expect(await body.json()).toMatchObject({ n: 1 });
  expect(await (await undiciFetch(url + '/two')).json()).toMatchObject({ n: 2 });
  expect(await (await fetch(url + '/three')).json()).toMatchObject({ n: 3 });
  tape.expectNoMiss();
});

test('by WebSocket', async () => {
  const socket = new WebSocket(url.replace('https', 'wss') + '/live');
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const heard = new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(data)));
  socket.send('hello');
  expect(await heard).toBe('4 hello');
  socket.close();
  await new Promise((resolve) => (socket.onclose = resolve));
});
`;

async function countingApi(): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ n: asked, nickname: 'lovelace' }));
  });
  new WebSocketServer({ server }).on('connection', (socket) => {
    asked += 1;
    socket.on('message', (said: Buffer) => socket.send(`${asked} ${said.toString()}`));
  });
  server.listen(0, 'localhost');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `https://localhost:${port}`, asked: () => asked };
}

it(
  'records and replays undici and WebSockets, with a CA and redaction of its own',
  { timeout: 60_000 },
  async () => {
    const folder = await emptyFolder();
    const api = await countingApi();
    await projectIn(folder, { 'api.test.js': TESTS });
    await writeFile(join(folder, 'ca.pem'), CERTIFICATE);
    const file = join(folder, 'api.tape');

    const first = await runVitest(folder, { API_URL: api.url });
    expect(first.code, first.output).toBe(0);
    expect(api.asked()).toBe(4);
    const tape = openTape(file);
    const urls = [...tape.exchanges()].map(({ request }) => new URL(request.url).pathname);
    tape.close();
    expect(urls).toEqual(['/one', '/two', '/three', '/live']);
    expect(await findSecrets(folder, file, ['lovelace'])).toEqual([]);

    expect(await runVitest(folder, { API_URL: api.url, CI: 'true' })).toMatchObject({ code: 0 });
    expect(api.asked()).toBe(4);
  },
);
