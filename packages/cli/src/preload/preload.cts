// Loaded into every Node.js program that is run under calltape, before the program itself, by
// `--require` in NODE_OPTIONS: unlike `--import`, every Node.js since 4 knows it, and an unknown
// option there would keep a program from starting. Node's own support for proxies covers `fetch`
// and the global agents; this covers clients that bring an agent of their own, and a Node.js
// without that support. Whatever is not needed at once is loaded later, as most programs wait.

import type { Agent, AgentOptions, ClientRequest, ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { UseTunnels } from './old-fetch.cts';
import type { Tunnels } from './tunnel.cts';

const http: typeof import('node:http') = require('node:http');

/** What an agent asks of whoever makes its connections; all that `net.connect` would look at. */
interface ConnectionOptions extends ClientRequestArgs {
  readonly keepAlive?: boolean;
  readonly keepAliveInitialDelay?: number;
  /** The connection that TLS is to be spoken on. */
  readonly socket?: Socket;
}

type CreateConnection = Agent['createConnection'];
type Done = NonNullable<Parameters<CreateConnection>[1]>;

/** What an agent has besides its documented parts; the same from Node.js 12 to 26. */
interface OpenAgent extends Agent {
  readonly protocol?: string;
  readonly options?: AgentOptions;
  addRequest(request: ClientRequest, ...more: unknown[]): void;
}

function isOpen(agent: Agent): agent is OpenAgent {
  return 'createConnection' in agent && 'addRequest' in agent;
}

function isSocket(stream: Duplex): stream is Socket {
  return 'setTimeout' in stream;
}

const seen = new WeakSet<Agent>();

/** Sends the connections of an agent through the proxy, if it is one that has no way of its own. */
function adopt(agent: OpenAgent): void {
  if (seen.has(agent)) return;
  seen.add(agent);
  if (agent.options?.proxyEnv) return;
  const secure = agent.protocol === 'https:';
  const { prototype }: typeof import('node:http').Agent = secure
    ? require('node:https').Agent
    : http.Agent;
  // A subclass that makes connections in its own way knows why, and may expect them at once.
  if (agent.createConnection !== prototype.createConnection) return;
  const direct: CreateConnection = (options, done) =>
    prototype.createConnection.call(agent, options, done);
  Object.defineProperty(agent, 'createConnection', {
    value: (options: ConnectionOptions, done?: Done) =>
      done === undefined || !throughTunnel(secure, direct, options, done)
        ? direct(options, done)
        : undefined,
    configurable: true,
    writable: true,
  });
}

/** @returns false when the connection is to be a direct one. */
function throughTunnel(
  secure: boolean,
  direct: CreateConnection,
  options: ConnectionOptions,
  done: Done,
): boolean {
  if (options.socketPath) return false;
  const { proxyFor, openTunnel }: Tunnels = require('./tunnel.cjs');
  const hostname = (options.host ?? 'localhost').replace(/^\[|\]$/g, '');
  const called = { hostname, port: Number(options.port ?? (secure ? 443 : 80)) };
  const proxy = proxyFor(secure, called);
  if (proxy === null) return false;
  openTunnel(proxy, called, (error, tunnel) => {
    const made = tunnel === null ? error : madeOver(tunnel, secure, direct, options);
    // As Node.js itself calls it when there is no connection.
    if (made instanceof Error) Reflect.apply(done, null, [made]);
    else if (made) done(null, made);
  });
  return true;
}

/** The connection over a tunnel, or why there can be none, such as unusable TLS options. */
function madeOver(
  tunnel: Socket,
  secure: boolean,
  direct: CreateConnection,
  options: ConnectionOptions,
): Duplex | Error | null {
  try {
    const secured: ConnectionOptions = { ...options, socket: tunnel };
    const socket = secure ? direct(secured) : tunnel;
    return socket ? prepared(socket, tunnel, options) : null;
  } catch (error) {
    tunnel.destroy();
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Does what `net.connect` would have done with the options. */
function prepared(socket: Duplex, tunnel: Socket, options: ConnectionOptions): Duplex {
  const { keepAlive, keepAliveInitialDelay, timeout } = options;
  if (keepAlive) tunnel.setKeepAlive(true, keepAliveInitialDelay);
  if (timeout && isSocket(socket)) socket.setTimeout(timeout);
  return socket;
}

function adoptAll({ prototype }: typeof import('node:http').Agent): void {
  if (!isOpen(prototype)) return;
  const addRequest: unknown = Reflect.get(prototype, 'addRequest');
  if (typeof addRequest !== 'function') return;
  prototype.addRequest = function (this: OpenAgent, ...call): void {
    adopt(this);
    Reflect.apply(addRequest, this, call);
  };
}

/** Node.js 22 would say on stderr, in the middle of the program's words, that this is experimental. */
function silenceExperiment(): void {
  const emitWarning: unknown = Reflect.get(process, 'emitWarning');
  if (typeof emitWarning !== 'function') return;
  process.emitWarning = function (...warning: unknown[]): void {
    if (!warning.some(isExperiment)) Reflect.apply(emitWarning, process, warning);
  };
}

function isExperiment(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === 'UNDICI-EHPA';
  return 'code' in part && part.code === 'UNDICI-EHPA';
}

const LOADED = Symbol.for('calltape.preload');

if (!(LOADED in http)) {
  Object.defineProperty(http, LOADED, { value: true });
  adoptAll(http.Agent);
  if (process.version.startsWith('v22.')) silenceExperiment();
  // This Node.js does not know NODE_USE_ENV_PROXY, so its fetch needs help as well.
  if (isOpen(http.globalAgent) && !http.globalAgent.options?.proxyEnv) {
    const { useTunnels }: { useTunnels: UseTunnels } = require('./old-fetch.cjs');
    useTunnels();
  }
}
