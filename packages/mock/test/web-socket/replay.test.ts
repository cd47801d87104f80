import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openTape, openWriter, toHar } from '@calltape/store';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { parseLatency } from '@calltape/mock';
import type { Mock } from '@calltape/mock';
import { fileWith } from '../files.ts';
import { mockOf } from '../mock.ts';
import type { Settings } from '../mock.ts';
import { dial, drain, exchangeRaw } from '../raw.ts';
import { tempDir } from '../tape.ts';
import { closing, socketTape } from './tape.ts';
import type { Line, ToldSocket } from './tape.ts';

interface Heard {
  readonly text: string;
  readonly binary: boolean;
  readonly atMs: number;
}

/** A client of the mock that keeps all it hears. */
class Client {
  readonly heard: Heard[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #startedAt = performance.now();

  constructor(mock: Mock, path: string, protocols: string[]) {
    this.socket = new WebSocket(mock.url.replace('http', 'ws') + path, protocols);
    this.socket.on('error', () => {});
    onTestFinished(() => this.socket.terminate());
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      this.heard.push({ text: data.toString(), binary, atMs: performance.now() - this.#startedAt });
    });
    this.closed = once(this.socket, 'close').then(([code, reason]: unknown[]) => {
      return { code: Number(code), reason: String(reason) };
    });
  }

  get texts(): string[] {
    return this.heard.map(({ text }) => text);
  }

  /** Resolves when so many messages have come. */
  async hears(count: number): Promise<void> {
    while (this.heard.length < count) await once(this.socket, 'message');
  }
}

async function clientOf(mock: Mock, path = '/chat', protocols: string[] = []): Promise<Client> {
  const client = new Client(mock, path, protocols);
  await once(client.socket, 'open');
  return client;
}

async function mockOfSockets(
  sockets: readonly ToldSocket[],
  settings: Settings = {},
): Promise<Mock> {
  return await mockOf(await socketTape(sockets), settings);
}

/** An opening handshake, with further field lines. */
function handshake(more = ''): string {
  return `GET /chat HTTP/1.1\r\nHost: m\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;
}

const CHAT: readonly Line[] = [
  { from: 'server', data: 'welcome', atMs: 40 },
  { from: 'server', data: Buffer.from([0, 255]), kind: 'binary', atMs: 80 },
  { from: 'client', data: '{"say":"hi","n":1}', atMs: 90 },
  { from: 'server', data: 'hi yourself', atMs: 150 },
  { from: 'client', data: 'bye', atMs: 160 },
  { from: 'server', data: 'so long', atMs: 170 },
  { from: 'server', kind: 'close', data: closing(4001, 'enough'), atMs: 180 },
];

it('says what the server said, each when it was its turn, and closes as it did', async () => {
  const mock = await mockOfSockets([{ lines: CHAT }]);
  const client = await clientOf(mock);
  await client.hears(2);
  expect(client.texts[0]).toBe('welcome');
  expect(client.heard[1]?.binary).toBe(true);
  client.socket.send('{ "n": 1, "say": "hi" }');
  await client.hears(3);
  expect(client.texts[2]).toBe('hi yourself');
  client.socket.send('bye');
  expect(await client.closed).toEqual({ code: 4001, reason: 'enough' });
  expect(client.texts.slice(2)).toEqual(['hi yourself', 'so long']);
  expect(mock.summary()).toMatchObject({ answered: 1, differingMessages: 0, unused: [] });
});

it('waits as long as the server did, and after the client from its word on', async () => {
  const mock = await mockOfSockets([{ lines: CHAT }], { latency: parseLatency('recorded') });
  const client = await clientOf(mock);
  await client.hears(2);
  // Since before the handshake: what is heard late makes the next gap shorter.
  expect(client.heard[0]?.atMs).toBeGreaterThan(38);
  expect(client.heard[1]?.atMs).toBeGreaterThan(78);
  const said = performance.now();
  client.socket.send('{"say":"hi","n":1}');
  await client.hears(3);
  expect(performance.now() - said).toBeGreaterThanOrEqual(58);
});

it('notes what differs, and says the values that came in what answers them', async () => {
  const lines: Line[] = [
    { from: 'client', data: '{"id":"0b5c9a30-1","type":"subscribe"}' },
    { from: 'server', data: '{"id":"0b5c9a30-1","type":"next","data":1.10}' },
    { from: 'server', data: '{"id":"0b5c9a30-1","type":"complete"}' },
  ];
  const mock = await mockOfSockets([{ lines }]);
  const client = await clientOf(mock);
  client.socket.send('{"id":"77aa-2","type":"subscribe"}');
  await client.hears(2);
  expect(client.texts).toEqual([
    '{"id":"77aa-2","type":"next","data":1.10}',
    '{"id":"77aa-2","type":"complete"}',
  ]);
  expect(mock.summary().differingMessages).toBe(1);
});

it('answers the handshake anew: its key, and a subprotocol that was offered', async () => {
  const answerHeaders = [
    'upgrade',
    'WebSocket',
    'X-Server',
    'one',
    'Connection',
    'upgrade',
    'sec-websocket-accept',
    'old',
    'Sec-WebSocket-Protocol',
    'chat.v2',
    'Sec-WebSocket-Extensions',
    'permessage-deflate',
  ];
  const mock = await mockOfSockets([{ answerHeaders, lines: [] }]);
  const socket = await dial(mock);
  socket.write(handshake('Sec-WebSocket-Protocol: chat.v1, chat.v2\r\n'));
  const [head]: Buffer[] = await once(socket, 'data');
  expect(String(head)).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nX-Server: one\r\nConnection: upgrade\r\n' +
      'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat.v2\r\n\r\n',
  );
  const client = await clientOf(mock, '/chat', []);
  expect(client.socket.protocol).toBe('');
  const invalid = await exchangeRaw(mock, handshake().replace('Key: dG', 'Key: '));
  expect(invalid.text).toMatch(/^HTTP\/1\.1 400 .*REQUEST_INVALID/s);
});

it('answers pings, takes fragments, and closes when the client does', async () => {
  const mock = await mockOfSockets([
    {
      lines: [
        { from: 'client', data: 'ab' },
        { from: 'server', data: 'got it' },
      ],
    },
  ]);
  const client = await clientOf(mock);
  const pong = once(client.socket, 'pong');
  client.socket.ping('are you there');
  expect(String((await pong)[0])).toBe('are you there');
  client.socket.send('a', { fin: false });
  client.socket.send('b', { fin: true });
  await client.hears(1);
  client.socket.close(4100, 'done');
  expect((await client.closed).code).toBe(4100);
  expect(mock.summary().differingMessages).toBe(0);
});

it('answers a closing in the words of the recorded server', async () => {
  const lines: Line[] = [
    { from: 'client', kind: 'close', data: closing(1000) },
    { from: 'server', kind: 'close', data: closing(1000, 'see you') },
  ];
  const client = await clientOf(await mockOfSockets([{ lines }]));
  client.socket.close(1000);
  expect(await client.closed).toEqual({ code: 1000, reason: 'see you' });
});

it('breaks off where the recorded server did', async () => {
  const lines: Line[] = [{ from: 'server', data: 'half' }];
  const client = await clientOf(await mockOfSockets([{ lines, outcome: 'truncated' }]));
  expect((await client.closed).code).toBe(1006);
  expect(client.texts).toEqual(['half']);
});

it('refuses frames that break the rules', async () => {
  const mock = await mockOfSockets([{ lines: [] }]);
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.write(`${handshake()}\u0081\u0002hi`, 'latin1');
  socket.end();
  expect((await answer).text.endsWith('\r\n\r\n\u0088\u0002\u0003\u00ea')).toBe(true);
});

it('lets go of a client that is gone before its handshake is answered', async () => {
  const mock = await mockOfSockets([{ lines: [] }]);
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.end(handshake());
  expect((await answer).ending).toBe('FIN');
});

it('tells the client when the mock goes away', async () => {
  const mock = await mockOfSockets([{ lines: [] }]);
  const client = await clientOf(mock);
  await mock.close();
  expect((await client.closed).code).toBe(1001);
});

it('plays several connections in the order of recording', async () => {
  const mock = await mockOfSockets(
    ['one', 'two'].map((data) => ({ lines: [{ from: 'server', data } as const] })),
  );
  for (const text of ['one', 'two', 'two']) {
    const client = await clientOf(mock);
    await client.hears(1);
    expect(client.texts).toEqual([text]);
  }
});

it('refuses to play half a message, and a path that was not recorded', async () => {
  const mock = await mockOfSockets([{ lines: [{ from: 'server', data: 'begin', size: 9_000 }] }]);
  const status = async (path: string): Promise<unknown> => {
    const socket = new WebSocket(mock.url.replace('http', 'ws') + path);
    socket.on('error', () => {});
    const [, response]: { statusCode: number }[] = await once(socket, 'unexpected-response');
    return response?.statusCode;
  };
  expect(await status('/chat')).toBe(500);
  expect(await status('/other')).toBe(404);
});

it('lets faults strike the handshake', async () => {
  const mock = await mockOfSockets([{ lines: CHAT }], { faults: ['GET /chat status=503 first=1'] });
  const refused = new WebSocket(`${mock.url.replace('http', 'ws')}/chat`);
  refused.on('error', () => {});
  const [, response]: { statusCode: number }[] = await once(refused, 'unexpected-response');
  expect(response?.statusCode).toBe(503);
  const client = await clientOf(mock);
  await client.hears(2);
});

it('lets a client ask for a fault of its handshake, and does not wait for one that hangs', async () => {
  const mock = await mockOfSockets([{ lines: CHAT }]);
  const refused = await exchangeRaw(mock, handshake('X-Calltape-Fault: status=503\r\n'));
  expect(refused.text).toMatch(/^HTTP\/1\.1 503 /);
  const socket = await dial(mock);
  const answer = drain(socket);
  socket.write(handshake('X-Calltape-Fault: timeout\r\n'));
  while (mock.summary().faulted < 2) await setImmediate();
  const began = performance.now();
  await mock.close(60_000);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect((await answer).text).toBe('');
});

it('keeps what was said on the served tape', async () => {
  const file = join(await tempDir(), 'served.tape');
  const served = await openWriter(file, { name: 'served', source: 'mock' });
  const mock = await mockOf(await socketTape([{ lines: CHAT.slice(0, 4) }]), { served });
  const client = await clientOf(mock);
  await client.hears(2);
  client.socket.send('other');
  await client.hears(3);
  client.socket.close(1000);
  await client.closed;
  await mock.close();
  await served.close();
  const tape = openTape(file);
  const [exchange] = [...tape.exchanges()];
  const messages = tape.messages(exchange?.id ?? 0);
  tape.close();
  expect(exchange).toMatchObject({ outcome: 'complete', response: { status: 101 } });
  expect(messages.map(({ direction, kind, problem }) => [direction, kind, problem])).toEqual([
    ['received', 'text', null],
    ['received', 'binary', null],
    ['sent', 'text', 'not what was recorded'],
    ['received', 'text', null],
    ['sent', 'close', null],
    ['received', 'close', null],
  ]);
});

/** What Chrome writes of a WebSocket into a HAR: times in seconds since the epoch. */
function chromeHar(): Readonly<Record<string, unknown>> {
  const startedAt = Date.parse('2026-11-24T10:00:00.000Z') / 1_000;
  const message = (type: string, ms: number, data: string, opcode = 1): unknown => ({
    type,
    time: startedAt + ms / 1_000,
    opcode,
    data,
  });
  const entry = {
    startedDateTime: '2026-11-24T10:00:00.000Z',
    time: 900,
    _resourceType: 'websocket',
    _webSocketMessages: [
      message('receive', 10, 'welcome'),
      message('send', 20, 'hi'),
      message('receive', 30, 'AP8=', 2),
    ],
    request: {
      method: 'GET',
      url: 'wss://api.example.com/chat',
      httpVersion: 'HTTP/1.1',
      headers: [],
    },
    response: { status: 101, statusText: 'Switching Protocols', headers: [], content: {} },
    timings: { wait: 5 },
  };
  const silent = { ...entry, request: { ...entry.request, url: 'wss://api.example.com/silent' } };
  const { _webSocketMessages: _, ...unheard } = entry;
  const entries = [entry, { ...silent, _webSocketMessages: [] }, unheard];
  return { log: { version: '1.2', entries } };
}

it('plays those of a HAR, as Chrome writes them and as a tape is exported', async () => {
  const chrome = await mockOf(await fileWith(chromeHar()));
  expect(chrome.warnings).toEqual([expect.stringContaining('1 x WebSocket of which it does not')]);
  const client = await clientOf(chrome);
  await client.hears(1);
  client.socket.send('hi');
  await client.hears(2);
  expect(client.heard.map(({ text, binary }) => [text, binary])).toEqual([
    ['welcome', false],
    ['\0\uFFFD', true],
  ]);
  await clientOf(chrome, '/silent');
  const tape = openTape(await socketTape([{ lines: CHAT }, { url: '/silent', lines: [] }]));
  const har = [...toHar(tape.exchanges(), (id) => tape.messages(id))].join('');
  tape.close();
  const own = await mockOf(await fileWith(har));
  const other = await clientOf(own);
  await other.hears(2);
  other.socket.send('{"say":"hi","n":1}');
  other.socket.send('bye');
  expect(await other.closed).toEqual({ code: 4001, reason: 'enough' });
  expect(other.texts).toEqual(['welcome', '\0\uFFFD', 'hi yourself', 'so long']);
  await clientOf(own, '/silent');
});
