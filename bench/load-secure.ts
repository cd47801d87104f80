// A client that keeps N encrypted calls under way for some seconds and prints what it measured as JSON:
//   load-secure.ts h1|h2 URL PROXY|- CA-FILE SIZE CALLS-AT-ONCE MILLISECONDS
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { TLSSocket } from 'node:tls';

const [
  version = '',
  url = '',
  proxy = '',
  caFile = '',
  size = '0',
  atOnce = '32',
  milliseconds = '0',
] = process.argv.slice(2);
const { hostname, port, host } = new URL(url);
const ca = readFileSync(caFile);
const endAt = performance.now() + Number(milliseconds);
/** Streams of one session, as browsers and SDKs share one. */
const STREAMS = 8;
let calls = 0;
let failed = 0;

async function secureSocket(protocol: string): Promise<TLSSocket> {
  const via = proxy === '-' ? new URL(url) : new URL(proxy);
  const socket = connect(Number(via.port), via.hostname);
  socket.setNoDelay(true);
  if (proxy !== '-') {
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(socket, 'data');
  }
  const secure = connectSecure({ socket, servername: hostname, ca, ALPNProtocols: [protocol] });
  await once(secure, 'secureConnect');
  return secure;
}

/** Calls one after the other on a connection of HTTP/1.1. */
async function busyConnection(): Promise<void> {
  const socket = await secureSocket('http/1.1');
  const asked = `GET /${size}/x HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: */*\r\n\r\n`;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let text = '';
  let left = -1;
  socket.on('data', (bytes: Buffer) => {
    if (left < 0) {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      if (!text.startsWith('HTTP/1.1 200')) failed += 1;
      left = end + 4 + Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0) - text.length;
      text = '';
    } else left -= bytes.length;
    if (left > 0) return;
    left = -1;
    calls += 1;
    if (performance.now() < endAt) socket.write(asked);
    else socket.end();
  });
  socket.on('error', () => (failed += 1));
  socket.on('close', () => resolve());
  socket.write(asked);
  await done;
}

async function busyStream(session: ClientHttp2Session): Promise<void> {
  while (performance.now() < endAt) {
    const stream = session.request({ ':path': `/${size}/x` });
    stream.on('response', (head) => {
      if (head[':status'] !== 200) failed += 1;
    });
    stream.resume();
    await once(stream, 'close');
    calls += 1;
  }
}

async function busySession(): Promise<void> {
  const socket = await secureSocket('h2');
  const session = connectHttp2(url, { createConnection: () => socket });
  await Promise.all(Array.from({ length: STREAMS }, async () => await busyStream(session)));
  session.close();
}

const startedAt = performance.now();
const workers = version === 'h2' ? Math.ceil(Number(atOnce) / STREAMS) : Number(atOnce);
const work = version === 'h2' ? busySession : busyConnection;
await Promise.all(Array.from({ length: workers }, async () => await work()));
const perSecond = calls / ((performance.now() - startedAt) / 1000);
process.stdout.write(`${JSON.stringify({ calls, failed, perSecond })}\n`);
