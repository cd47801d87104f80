// A client that keeps N encrypted calls under way for some seconds and prints what it measured as JSON:
//   load-secure.ts h1|h2 URL PROXY|- CA-FILE SIZE CALLS-AT-ONCE MILLISECONDS
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { BusySession } from './busy-http2.ts';

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

function onCall(isFine: boolean): void {
  if (isFine) calls += 1;
  else failed += 1;
}

async function busySession(): Promise<void> {
  const socket = await secureSocket('h2');
  const work = { path: `/${size}/x`, authority: host, streams: STREAMS, endAt, onCall };
  await new BusySession(socket, work).run();
}

const startedAt = performance.now();
const workers = version === 'h2' ? Math.ceil(Number(atOnce) / STREAMS) : Number(atOnce);
const work = version === 'h2' ? busySession : busyConnection;
await Promise.all(Array.from({ length: workers }, async () => await work()));
const { user, system } = process.cpuUsage();
const perSecond = calls / ((performance.now() - startedAt) / 1000);
const clientUs = (user + system) / calls;
process.stdout.write(`${JSON.stringify({ calls, failed, perSecond, clientUs })}\n`);
