import { ProxyError } from './errors.ts';
import { forwarder } from './forward.ts';
import { listen } from './listen.ts';
import { Listener } from './listener.ts';
import { settingsOf } from './options.ts';
import type { ProxyOptions } from './options.ts';
import { Route } from './route.ts';
import { checkRoots } from './trusted-roots.ts';
import type { Upstream } from './upstream.ts';

const DEFAULT_GRACE_MS = 5000;
const OWN_NAMES = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);

export interface Proxy {
  /** Where clients reach it, such as http://127.0.0.1:4880. */
  readonly url: string;
  readonly port: number;
  /** Calls that have begun and not ended. */
  readonly inFlight: number;
  /**
   * Stops accepting, lets what is in flight finish for up to `graceMs` milliseconds (default 5000),
   * then cuts it. Called again, the shorter time holds. Every call has been handed to the writer
   * when it resolves.
   */
  close(graceMs?: number): Promise<void>;
}

/** An address that stands for all of the machine's is reached on its loopback. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isItself(upstream: Upstream, host: string, port: number): boolean {
  if (upstream.port !== port) return false;
  return upstream.hostname === host || (OWN_NAMES.has(host) && OWN_NAMES.has(upstream.hostname));
}

class ReverseProxy implements Proxy {
  readonly url: string;
  readonly port: number;
  readonly #route: Route;
  readonly #listener: Listener;
  #closed: Promise<void> | null = null;

  constructor(url: string, port: number, route: Route, listener: Listener) {
    this.url = url;
    this.port = port;
    this.#route = route;
    this.#listener = listener;
  }

  get inFlight(): number {
    return this.#route.inFlight;
  }

  async close(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#closed ??= this.#listener.close();
    const timer = setTimeout(() => {
      this.#route.stopping = true;
      this.#listener.cut();
    }, graceMs);
    await this.#closed;
    clearTimeout(timer);
    this.#route.client.close();
  }
}

/**
 * Starts a reverse proxy that passes every call on to one upstream and records it.
 *
 * @throws ProxyError naming the option to change.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const settings = settingsOf(options);
  checkRoots(settings.ca);
  const route = new Route(settings);
  const listener = new Listener(forwarder(route));
  const port = await listen(listener.server, settings.host, settings.port);
  const url = urlOf(settings.host, port);
  if (isItself(settings.upstream, settings.host, port)) {
    await listener.close();
    const message = `The upstream ${settings.upstream.origin} is this proxy itself. Choose another port, or the address of the system to record.`;
    throw new ProxyError('UPSTREAM_INVALID', message);
  }
  // After the caller has said that connections are accepted: reading the roots takes a while.
  setImmediate(() => route.client.warm());
  return new ReverseProxy(url, port, route, listener);
}
