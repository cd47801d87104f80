// Recorded WebSockets through the doors of a mock, with Node's own client of them.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTape, type DraftResponse } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { emptyFolder, serve, type Server } from './run-cli.ts';
import { runToEnd } from './run-program.ts';
import { call, ORIGIN, tapeWithMessages } from './tape-with-calls.ts';

const run = promisify(execFile);

/** A program that opens a WebSocket, says what it hears and answers each message with its own words. */
const TALKER = `
const [url, ...words] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.onmessage = ({ data }) => {
  console.log(data);
  const word = words.shift();
  if (word !== undefined) socket.send(word);
};
socket.onerror = () => console.log('refused');
socket.onclose = ({ code }) => console.log(code);
`;

const CLOSING = Buffer.from([0x0f, 0xa1]);

const ACCEPTED: DraftResponse = {
  status: 101,
  statusText: 'Switching Protocols',
  httpVersion: '1.1',
  headers: ['Upgrade', 'websocket', 'Connection', 'Upgrade'],
  body: { pieces: [], size: 0, hash: null },
  trailers: [],
  interim: [],
  chunks: [],
};

async function folderWithChat(): Promise<string> {
  const cwd = await emptyFolder();
  await writeFile(join(cwd, 'talker.mjs'), TALKER);
  await tapeWithMessages(cwd, call('/chat', { response: ACCEPTED }), [
    ['received', 'text', Buffer.from('welcome')],
    ['sent', 'text', Buffer.from('hi')],
    ['received', 'text', Buffer.from('so long')],
    ['received', 'close', CLOSING],
  ]);
  return cwd;
}

async function talk(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(cwd, 'home', 'ca.pem') };
  return (await run(process.execPath, ['talker.mjs', ...args], { cwd, env })).stdout;
}

async function mockIn(cwd: string, ...flags: string[]): Promise<Server> {
  const env = { CALLTAPE_HOME: join(cwd, 'home') };
  return serve(['mock', '--port', '0', ...flags], { cwd, env });
}

function socketUrl({ url }: Server, path: string): string {
  return url.replace('http', 'ws') + path;
}

test('wss:// is replayed by a mock that speaks TLS, and ws:// on the same port', async () => {
  const cwd = await folderWithChat();
  const mock = await mockIn(cwd, '--tls', '--served', 'served.tape');
  expect(socketUrl(mock, '')).toMatch(/^wss:/);
  expect(await talk(cwd, socketUrl(mock, '/chat'), 'hi')).toBe('welcome\nso long\n4001\n');
  const plain = socketUrl(mock, '/chat').replace('wss:', 'ws:');
  expect(await talk(cwd, plain, 'hello')).toBe('welcome\nso long\n4001\n');
  expect(await talk(cwd, socketUrl(mock, '/none'))).toMatch(/^refused\n/);
  const { code, stderr } = await mock.stop();
  expect(code).toBe(0);
  expect(stderr).toContain('Answered 2 calls, missed 1, faulted 0');
  expect(stderr).toContain('Not what was recorded: 1 WebSocket message of clients');
  const tape = openTape(join(cwd, 'served.tape'));
  const calls = tape.calls().map(({ url, status, outcome }) => [url, status, outcome]);
  tape.close();
  expect(calls.slice(0, 2)).toEqual([
    [`${ORIGIN}/chat`, 101, 'complete'],
    [`${ORIGIN}/chat`, 101, 'complete'],
  ]);
  expect(calls[2]?.[1]).toBe(404);
});

test('below a route, a WebSocket is that of its API', async () => {
  const cwd = await folderWithChat();
  const mock = await mockIn(cwd, '--tls', '--route', `/api=${ORIGIN}`);
  expect(await talk(cwd, socketUrl(mock, '/api/chat'), 'hi')).toBe('welcome\nso long\n4001\n');
});

test('a client that is still there hears that a mock with TLS goes away', async () => {
  const cwd = await folderWithChat();
  const mock = await mockIn(cwd, '--tls');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(cwd, 'home', 'ca.pem') };
  const talker = run(process.execPath, ['talker.mjs', socketUrl(mock, '/chat')], { cwd, env });
  const { stdout } = talker.child;
  if (stdout === null) throw new Error('no stdout');
  await once(stdout, 'data');
  await mock.stop();
  expect((await talker).stdout).toBe('welcome\n1001\n');
});

test('run --mock replays it to a program that believes it talks to the real host', async () => {
  const cwd = await folderWithChat();
  const program = [process.execPath, 'talker.mjs', `${ORIGIN.replace('http', 'ws')}/chat`, 'hi'];
  const ran = await runToEnd(['--mock', 'calls.tape', '--', ...program], cwd);
  expect([ran.stdout.toString(), ran.code]).toEqual(['welcome\nso long\n4001\n', 0]);
  expect(ran.stderr).toContain('Answered 1 call, missed 0, faulted 0');
});

/** An API whose WebSockets say one thing. */
async function greeter(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', ({ headers }, socket) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    socket.write(`${head}\u0081\u0005hello`, 'latin1');
    socket.end(Buffer.concat([Buffer.from([0x88, 2]), CLOSING]));
  });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('one that is not on the tape may pass, and is recorded', async () => {
  const cwd = await folderWithChat();
  const mock = await mockIn(cwd, '--upstream', await greeter(), '--on-miss', 'record');
  expect(await talk(cwd, socketUrl(mock, '/chat'), 'hi')).toBe('welcome\nso long\n4001\n');
  expect(await talk(cwd, socketUrl(mock, '/new'))).toBe('hello\n4001\n');
  const { code, stderr } = await mock.stop();
  expect(code).toBe(0);
  expect(stderr).toContain('Answered 1 call, missed 0, passed on 1');
  const tape = openTape(join(cwd, 'calls.tape'));
  const last = [...tape.exchanges()].at(-1);
  const said = tape.messages(last?.id ?? 0).map(({ direction, kind }) => [direction, kind]);
  tape.close();
  expect(last).toMatchObject({ source: 'proxy', response: { status: 101 } });
  expect(said).toContainEqual(['received', 'text']);
});
