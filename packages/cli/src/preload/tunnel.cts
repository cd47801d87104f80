import type { Socket } from 'node:net';
import type { Called, IsDirect } from './no-proxy.cts';

const net: typeof import('node:net') = require('node:net');
const { isDirect }: { isDirect: IsDirect } = require('./no-proxy.cjs');

type Opened = (error: Error | null, socket: Socket | null) => void;

const HEAD_END = '\r\n\r\n';
/** Far more than the answer to CONNECT takes. */
const HEAD_LIMIT = 16 * 1024;

function variable(name: string): string {
  return process.env[name] ?? process.env[name.toLowerCase()] ?? '';
}

/**
 * The proxy that the environment names for a call, read anew each time since programs may change
 * it; null for a direct one. Only plain http proxies are known, as the recorder is one.
 */
function proxyFor(secure: boolean, called: Called): URL | null {
  const text = variable(secure ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const proxy = text.startsWith('http://') && URL.canParse(text) ? new URL(text) : null;
  if (proxy === null || isDirect(variable('NO_PROXY'), called)) return null;
  // Some clients speak to the proxy by themselves; that connection must not go through it again.
  const at = placeOf(proxy);
  return at.hostname === called.hostname && at.port === called.port ? null : proxy;
}

function placeOf(proxy: URL): Called {
  return { hostname: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port || 80) };
}

/** Opens a connection through the proxy by CONNECT (RFC 9110 section 9.3.6). */
function openTunnel(proxy: URL, { hostname, port }: Called, opened: Opened): void {
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  const at = placeOf(proxy);
  const socket = net.connect(at.port, at.hostname);
  const fail = (error: Error): void => {
    socket.destroy();
    opened(error, null);
  };
  const early = (): void => fail(new Error(`The proxy closed the tunnel to ${authority}.`));
  socket.setNoDelay(true);
  socket.once('error', fail).once('end', early);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  readHead(socket, '', (head) => {
    socket.off('error', fail).off('end', early);
    if (/^HTTP\/1\.[01] 2\d\d /.test(head)) opened(null, socket);
    else fail(new Error(`The proxy refused a tunnel to ${authority}: ${head.split('\r\n', 1)[0]}`));
  });
}

/** Leaves what follows the head to whoever reads the socket next. */
function readHead(socket: Socket, before: string, whole: (head: string) => void): void {
  const piece: Buffer | null = socket.read();
  const text = before + (piece?.toString('latin1') ?? '');
  const end = text.indexOf(HEAD_END);
  if (end === -1 && text.length < HEAD_LIMIT) {
    socket.once('readable', () => readHead(socket, text, whole));
    return;
  }
  const rest = end === -1 ? '' : text.slice(end + HEAD_END.length);
  if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
  whole(end === -1 ? text : text.slice(0, end));
}

module.exports = { proxyFor, openTunnel };

export interface Tunnels {
  readonly proxyFor: typeof proxyFor;
  readonly openTunnel: typeof openTunnel;
}
