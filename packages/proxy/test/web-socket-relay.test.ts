import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { createHash, randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { CERTIFICATE, KEY } from './certificate.ts';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import { lockTape } from './tape-lock.ts';
import { answering, dial, listening, rawUpstream, talk } from './wire.ts';
import {
  closeInOrder,
  echoServer,
  exchange,
  frame,
  handshake,
  openSocket,
  switching,
} from './web-socket.ts';

const MASK = [1, 2, 3, 4];

test('the handshake reaches the other side as it was, but for Host and what ends here', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send(
    'GET /chat?x=%20 HTTP/1.1\r\nhOST: a\r\nX-A: 1\r\nconnection: keep-alive, UPGRADE\r\nx-a: 2\r\n' +
      'upgrade: WebSocket\r\nKeep-Alive: 5\r\nTE: trailers\r\nProxy-Connection: x\r\n' +
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n' +
      'Sec-WebSocket-Protocol: v2, v1\r\nsec-websocket-key: k\r\n\r\n',
  );
  const wire = await upstream.wire();
  expect(await wire.until(/\r\n\r\n/)).toBe(
    `GET /chat?x=%20 HTTP/1.1\r\nhOST: 127.0.0.1:${upstream.port}\r\nX-A: 1\r\n` +
      'connection: keep-alive, UPGRADE\r\nx-a: 2\r\nupgrade: WebSocket\r\n' +
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n' +
      'Sec-WebSocket-Protocol: v2, v1\r\nsec-websocket-key: k\r\n\r\n',
  );
  const answer =
    'HTTP/1.1 101 Switched\r\nX-b: 1\r\nUPGRADE: websocket\r\nconnection: Upgrade\r\nx-B: \xe9\r\n' +
    'Sec-WebSocket-Protocol: v1\r\n\r\n';
  wire.send(answer);
  expect(await client.until(/\r\n\r\n/)).toBe(answer);
});

test('a client that names further fields in Connection has them left out', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, X-Own\r\nX-Own: 1\r\nUpgrade: websocket\r\n\r\n',
  );
  const wire = await upstream.wire();
  expect(await wire.until(/\r\n\r\n/)).toBe(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
});

test('bytes that come in one piece with the heads are not lost, nor are 1xx answers', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send(`${handshake()}early`);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${switching()}behind`);
  expect(await client.until(/behind$/)).toBe(
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${switching()}behind`,
  );
  await wire.until(/\r\n\r\nearly$/);
});

test('each side may end its half and still receive', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.socket.allowHalfOpen = true;
  client.send(handshake());
  const wire = await upstream.wire();
  wire.socket.allowHalfOpen = true;
  await wire.until(/\r\n\r\n/);
  wire.send(switching());
  await client.until(/\r\n\r\n/);
  const ended = once(wire.socket, 'end');
  client.socket.end('last');
  await ended;
  expect(wire.text).toMatch(/last$/);
  // Longer than a connection that carries requests would be kept.
  await delay(1200);
  wire.socket.end('answer to the last');
  expect(await client.rest()).toMatch(/answer to the last$/);
});

test('a thousand messages in both directions, and 5 MB at once, arrive as they were sent', async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url);
  const socket = await openSocket(recorder.port);
  const received: string[] = [];
  const all = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    received.push(data.toString());
    if (received.length === 1000) all.resolve();
  });
  const sent = Array.from({ length: 1000 }, (_, at) => `message ${at}`);
  for (const message of sent) socket.send(message);
  await all.promise;
  expect(received).toEqual(sent);
  socket.removeAllListeners('message');
  const large = randomBytes(5 * 1024 * 1024);
  const back = await exchange(socket, large);
  expect(createHash('sha256').update(back).digest('hex')).toBe(
    createHash('sha256').update(large).digest('hex'),
  );
  expect(await closeInOrder(socket, 4001, 'enough')).toBe(4001);
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'complete', error: null, response: { status: 101 } });
  expect(row.websocket).toMatchObject({ sent: 1002, received: 1002, dropped: 0 });
});

test('what is agreed on is agreed on by the two ends: sub-protocol and compression', async () => {
  const echo = await echoServer({
    perMessageDeflate: { threshold: 0 },
    handleProtocols: (offered) => [...offered][1] ?? false,
  });
  const { port } = await record(echo.url);
  const socket = await openSocket(port, '/', {}, ['v2', 'v1']);
  expect(socket.protocol).toBe('v1');
  expect(socket.extensions).toBe('permessage-deflate');
  expect((await exchange(socket, 'hello'.repeat(100))).toString()).toBe('hello'.repeat(100));
});

test("Node's own WebSocket works through it", async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url);
  const socket = new globalThis.WebSocket(`ws://127.0.0.1:${recorder.port}/node`, ['v1']);
  onTestFinished(() => socket.close());
  await once(socket, 'open');
  const answer = once(socket, 'message');
  socket.send('from node');
  const [event]: MessageEvent[] = await answer;
  expect(event?.data).toBe('from node');
  const closed = once(socket, 'close');
  socket.close(1000, 'done');
  await closed;
  const row = await recorder.row();
  expect(row.request.url).toBe(`${echo.url}/node`);
  expect(row.outcome).toBe('complete');
});

test('a slow reader slows the sender, whole megabytes wait for nobody', async () => {
  const upstream = await rawUpstream();
  const { port } = await record(upstream.url);
  const client = await dial(port);
  client.send(handshake());
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send(switching());
  await client.until(/\r\n\r\n/);
  client.socket.pause();
  const piece = Buffer.alloc(256 * 1024, 'x');
  let written = 0;
  while (wire.socket.write(piece) || written < 4) written += 1;
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 0; n < 200; n += 1) wire.socket.write(piece);
  await delay(200);
  expect(wire.socket.writableLength).toBeGreaterThan(30 * 1024 * 1024);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * 1024 * 1024);
});

test('while the tape cannot keep up, nothing is read; nothing is lost either', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url, {}, { maxQueuedBytes: 1 });
  const client = await dial(recorder.port);
  client.send(handshake());
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send(switching());
  await client.until(/\r\n\r\n/);
  client.socket.removeAllListeners('data');
  let received = 0;
  client.socket.on('data', (bytes: Buffer) => (received += bytes.length));
  await recorder.writer.flush();
  const unlock = await lockTape(recorder.writer.file);
  const piece = Buffer.from(frame(0x82, 'x'.repeat(60_000)), 'latin1');
  wire.socket.write(piece);
  while (!recorder.writer.full) await nextTurn();
  for (let n = 0; n < 200; n += 1) wire.socket.write(piece);
  wire.send(frame(0x88, ''));
  await delay(200);
  expect(wire.socket.writableLength).toBeGreaterThan(5_000_000);
  await unlock();
  while (received < piece.length * 201 + 2) await once(client.socket, 'data');
  await Promise.all(
    [client, wire].map(async ({ socket, closed }) => {
      socket.end();
      await closed;
    }),
  );
  expect((await recorder.row()).websocket).toMatchObject({ received: 202, dropped: 0 });
});

test('through an absolute-form target and through CONNECT', async () => {
  const echo = await echoServer();
  const recorder = await record(null);
  const absolute = await dial(recorder.port);
  absolute.send(handshake(`${echo.url}/absolute`) + frame(0x81, 'one', MASK));
  await absolute.until(/one$/);
  const tunnel = await dial(recorder.port);
  tunnel.send(`CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: h\r\n\r\n`);
  await tunnel.until(/\r\n\r\n$/);
  tunnel.send(handshake('/tunnel') + frame(0x81, 'two', MASK));
  await tunnel.until(/two$/);
  for (const wire of [absolute, tunnel]) wire.send(frame(0x88, '\x03\xe8', MASK));
  await absolute.closed;
  await tunnel.closed;
  const rows = await recorder.rows();
  expect(rows.map(({ request, outcome }) => [request.url, outcome])).toEqual([
    [`${echo.url}/absolute`, 'complete'],
    [`${echo.url}/tunnel`, 'complete'],
  ]);
  expect(rows.map(({ websocket }) => websocket?.sent)).toEqual([2, 2]);
});

test('to an https target the WebSocket goes over TLS', async () => {
  const server = createSecureServer({ cert: CERTIFICATE, key: KEY });
  const echo = new WebSocketServer({ server });
  echo.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => socket.send(data));
  });
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of echo.clients) socket.terminate();
    server.close();
  });
  const recorder = await record(`https://localhost:${port}`, { ca: [CERTIFICATE] });
  const socket = await openSocket(recorder.port, '/secure');
  expect((await exchange(socket, 'sealed')).toString()).toBe('sealed');
  await closeInOrder(socket);
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'complete', websocket: { sent: 2, received: 2 } });
  expect(row.request.url).toBe(`https://localhost:${port}/secure`);
  expect(row.timings.ssl).toBeGreaterThan(0);
  const untrusted = await record(`https://localhost:${port}`);
  expect(await talk(untrusted.port, handshake())).toMatch(/^HTTP\/1\.1 502 .*UPSTREAM_TLS/s);
});

test('other upgrades are ignored, and so are those of requests that are no handshake', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const { port } = await record(upstream.url);
  const close = 'Connection: Upgrade, close\r\n';
  const answer = /^HTTP\/1\.1 200 OK\r\n.*ok$/s;
  expect(await talk(port, `GET / HTTP/1.1\r\nHost: a\r\n${close}Upgrade: h2c\r\n\r\n`)).toMatch(
    answer,
  );
  expect(
    await talk(port, `GET / HTTP/1.1\r\nHost: a\r\n${close}Upgrade: h2c, websocket\r\n\r\n`),
  ).toMatch(answer);
  expect(
    await talk(
      port,
      `POST / HTTP/1.1\r\nHost: a\r\n${close}Upgrade: websocket\r\nContent-Length: 2\r\n\r\nhi`,
    ),
  ).toMatch(answer);
  for (const { text } of upstream.wires) expect(text).not.toMatch(/upgrade/i);
});

test('a server that switches to something else is answered for with 502', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(handshake());
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
  expect(await client.rest()).toMatch(/^HTTP\/1\.1 502 .*UPSTREAM_PROTOCOL/s);
  expect(await recorder.row()).toMatchObject({
    outcome: 'error',
    error: { type: 'UPSTREAM_PROTOCOL' },
    response: null,
  });
});

test.each([
  [
    'of known length',
    'Content-Length: 6\r\n\r\nnot in',
    'Content-Length: 6\r\nConnection: close\r\n\r\nnot in',
  ],
  [
    'in chunks',
    'Transfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n3;x\r\n in\r\n0\r\nX-T: 1\r\n\r\n',
    'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nnot\r\n3\r\n in\r\n0\r\nX-T: 1\r\n\r\n',
  ],
])('a refusal %s is passed on as any answer', async (_how, sent, received) => {
  const upstream = await answering(
    `HTTP/1.1 401 No\r\nwww-AUTH: x\r\nKeep-Alive: timeout=5\r\n${sent}`,
  );
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  expect(await client.send(handshake()).rest()).toBe(
    `HTTP/1.1 401 No\r\nwww-AUTH: x\r\n${received}`,
  );
  const row = await recorder.row();
  expect(row.outcome).toBe('complete');
  expect(row.response?.status).toBe(401);
  expect(Buffer.from(row.response?.body.bytes ?? []).toString()).toBe('not in');
  expect(row.websocket).toBeUndefined();
});

test('a refusal that ends with the connection is whole, one that is cut is not', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const [one, two] = [await dial(recorder.port), await dial(recorder.port)];
  one.send(handshake());
  (await upstream.wire(0)).socket.end('HTTP/1.1 404 Not Found\r\n\r\nnothing here');
  expect(await one.rest()).toBe('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\nnothing here');
  two.send(handshake());
  (await upstream.wire(1)).socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nhal');
  expect(await two.rest()).toMatch(/\r\n\r\nhal$/);
  const rows = await recorder.rows();
  expect(rows.map(({ outcome, error }) => [outcome, error?.type])).toEqual([
    ['complete', undefined],
    ['truncated', 'UPSTREAM_CUT'],
  ]);
});

test('an upstream that is not there is a 502 in JSON and a row', async () => {
  const upstream = await httpUpstream(() => {});
  upstream.server.close();
  await once(upstream.server, 'close');
  const recorder = await record(upstream.url);
  const answer = await talk(recorder.port, handshake('/gone'));
  expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error.code).toBe('UPSTREAM_REFUSED');
  expect(await recorder.row()).toMatchObject({
    outcome: 'error',
    error: { type: 'UPSTREAM_REFUSED' },
    request: { url: `${upstream.url}/gone` },
  });
});

test('a server that does not answer in time is a 504', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url, { responseTimeoutMs: 50 });
  expect(await talk(recorder.port, handshake())).toMatch(/^HTTP\/1\.1 504 .*UPSTREAM_TIMEOUT/s);
});

test('a client that leaves before its answer has its handshake given up', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const [ends, resets] = [await dial(recorder.port), await dial(recorder.port)];
  ends.send(handshake('/ends'));
  const first = await upstream.wire(0);
  await first.until(/\r\n\r\n/);
  resets.send(handshake('/resets'));
  const second = await upstream.wire(1);
  await second.until(/\r\n\r\n/);
  ends.socket.end();
  resets.socket.resetAndDestroy();
  await Promise.all([first.closed, second.closed]);
  const rows = await recorder.rows();
  expect(rows.map(({ outcome, error }) => [outcome, error?.type])).toEqual([
    ['aborted', 'CLIENT_LEFT'],
    ['aborted', 'CLIENT_LEFT'],
  ]);
});

test('a forward proxy keeps handshakes from where no client may go', async () => {
  const recorder = await record(null);
  const answer = await talk(recorder.port, handshake('http://169.254.169.254/latest'));
  expect(answer).toMatch(/^HTTP\/1\.1 403 .*FORWARD_TARGET_REFUSED/s);
  expect((await recorder.row()).error?.type).toBe('FORWARD_TARGET_REFUSED');
});

test.each(['client', 'upstream'] as const)(
  'a reset by the %s reaches the other side',
  async (who) => {
    const upstream = await rawUpstream();
    const recorder = await record(upstream.url);
    const client = await dial(recorder.port);
    client.send(handshake());
    const wire = await upstream.wire();
    await wire.until(/\r\n\r\n/);
    wire.send(switching() + frame(0x81, 'hi'));
    await client.until(/hi$/);
    const [from, to] = who === 'client' ? [client, wire] : [wire, client];
    from.socket.resetAndDestroy();
    expect(await to.closed).toBe('ECONNRESET');
    const row = await recorder.row();
    expect([row.outcome, row.error?.type]).toEqual(
      who === 'client' ? ['aborted', 'CLIENT_LEFT'] : ['truncated', 'UPSTREAM_RESET'],
    );
    expect(row.websocket?.received).toBe(1);
  },
);

test('an end without a close frame is told apart from one with', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(handshake());
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n/);
  wire.socket.end(Buffer.from(switching(), 'latin1'));
  await client.closed;
  const row = await recorder.row();
  expect([row.outcome, row.error?.type]).toEqual(['truncated', 'UPSTREAM_CUT']);
  expect(row.error?.message).toContain('WebSocket');
});

test('a reset at any moment, of either side, leaves the proxy at work', async () => {
  const echo = await echoServer();
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const steps = [
    handshake().slice(0, 20),
    handshake(),
    handshake() + frame(0x81, 'x', MASK).slice(0, 3),
  ];
  for (const step of steps) {
    const client = await dial(recorder.port);
    client.send(step);
    client.socket.once('close', () => {});
    await nextTurn();
    client.socket.resetAndDestroy();
  }
  let index = 0;
  for (const answer of [
    '',
    'HTTP/1.1 1',
    switching().slice(0, 60),
    switching(),
    'HTTP/1.1 404 N\r\n\r\nx',
  ]) {
    const client = await dial(recorder.port);
    client.send(handshake('/second'));
    let wire = await upstream.wire(index);
    while (!(await wire.until(/./s)).includes('/second') || wire.socket.destroyed) {
      index += 1;
      wire = await upstream.wire(index);
    }
    index += 1;
    if (answer !== '') {
      wire.send(answer);
      await delay(20);
    }
    wire.socket.resetAndDestroy();
    await client.closed;
  }
  const proxy = await record(echo.url);
  const socket = await openSocket(proxy.port);
  expect((await exchange(socket, 'alive')).toString()).toBe('alive');
  expect(await talk(recorder.port, 'BAD\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
});

test('the proxy closes at once, open WebSockets or not, and says so on the tape', async () => {
  const echo = await echoServer();
  const recorder = await record(echo.url);
  const socket = await openSocket(recorder.port);
  await exchange(socket, 'before');
  const closed = once(socket, 'close');
  const started = performance.now();
  await recorder.proxy.close(5000);
  await closed;
  expect(performance.now() - started).toBeLessThan(3000);
  expect(await recorder.row()).toMatchObject({
    outcome: 'interrupted',
    error: { type: 'RECORDER_STOPPED' },
    websocket: { sent: 1, received: 1 },
  });
});
