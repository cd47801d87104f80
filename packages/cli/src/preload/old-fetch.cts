import type { Socket } from 'node:net';
import type { Tunnels } from './tunnel.cts';

/** What undici's Agent asks of whoever opens its connections. */
interface ConnectOptions {
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
  readonly servername?: string | null;
}

type Connected = (error: Error | null, socket: Socket | null) => void;
type Dispatcher = new (options: {
  readonly connect: (options: ConnectOptions, connected: Connected) => void;
}) => object;

/** Where every undici, the one within Node.js too, keeps the dispatcher in force. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/**
 * Sends what `fetch` calls through the proxy, on a Node.js that cannot do so itself. The undici
 * within Node.js is loaded when fetch is first used, since that takes long.
 */
function useTunnels(): void {
  const { fetch } = globalThis;
  if (fetch === undefined) return;
  let isReady = false;
  globalThis.fetch = function (...call: Parameters<typeof fetch>): ReturnType<typeof fetch> {
    if (!isReady) replaceDispatcher();
    isReady = true;
    return fetch(...call);
  };
}

/** Only Node's own is replaced: a program that has set another knows why. */
function replaceDispatcher(): void {
  const before: unknown = Reflect.get(globalThis, DISPATCHER);
  // To name a class of fetch loads undici, which then sets its dispatcher.
  if (before !== undefined || Reflect.get(globalThis, 'Response') === undefined) return;
  const standard: unknown = Reflect.get(globalThis, DISPATCHER);
  if (!isObject(standard)) return;
  const Agent = standard.constructor;
  if (isDispatcher(Agent)) Reflect.set(globalThis, DISPATCHER, new Agent({ connect }));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'function' && value.name === 'Agent';
}

function connect(options: ConnectOptions, connected: Connected): void {
  const { proxyFor, openTunnel }: Tunnels = require('./tunnel.cjs');
  const secure = options.protocol === 'https:';
  const hostname = options.hostname.replace(/^\[|\]$/g, '');
  const called = { hostname, port: Number(options.port || (secure ? 443 : 80)) };
  const proxy = proxyFor(secure, called);
  const proceed: Connected = (error, socket) => {
    if (socket === null) connected(error, null);
    else if (secure) encrypt(socket, options.servername ?? hostname, connected);
    else connected(null, socket);
  };
  if (proxy === null) openDirectly(called, proceed);
  else openTunnel(proxy, called, proceed);
}

function openDirectly(called: { hostname: string; port: number }, opened: Connected): void {
  const net: typeof import('node:net') = require('node:net');
  const socket = net.connect({ host: called.hostname, port: called.port, noDelay: true });
  settle(socket, 'connect', opened);
}

function encrypt(socket: Socket, servername: string, opened: Connected): void {
  const net: typeof import('node:net') = require('node:net');
  const tls: typeof import('node:tls') = require('node:tls');
  // A name for SNI may not be an address (RFC 6066 section 3); the certificate is still checked.
  const name = net.isIP(servername) === 0 ? { servername } : {};
  const secure = tls.connect({ socket, host: servername, ...name, ALPNProtocols: ['http/1.1'] });
  settle(secure, 'secureConnect', opened);
}

function settle(socket: Socket, ready: string, opened: Connected): void {
  const fail = (error: Error): void => opened(error, null);
  socket.once('error', fail);
  socket.once(ready, () => {
    socket.off('error', fail);
    opened(null, socket);
  });
}

module.exports = { useTunnels };

export type UseTunnels = typeof useTunnels;
