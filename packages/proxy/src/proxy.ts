import { BodyUrls } from '@calltape/store';
import { AddressGuard } from './address-guard.ts';
import { Dialer } from './dial.ts';
import { forwardRouting } from './forward-routing.ts';
import { forwarder, upgrader } from './forward.ts';
import type { HostMap } from './host-map.ts';
import { checkProxies, checkUpstreams } from './itself.ts';
import { listen } from './listen.ts';
import { Listener } from './listener.ts';
import { mapOf, routesOf, settingsOf } from './options.ts';
import type { ProxyOptions, Settings } from './options.ts';
import { recordTunnel } from './record-tunnel.ts';
import { Recorder } from './recorder.ts';
import { RefusedCalls } from './refused-calls.ts';
import { reverseRouting } from './reverse-routing.ts';
import type { Route } from './route.ts';
import { checkRoots } from './trusted-roots.ts';
import { SealedTunnels } from './sealed-tunnels.ts';
import type { TlsDoorOptions } from './tls-door.ts';
import { TunnelDoor } from './tunnel-door.ts';
import { proxiesOf, trustOf } from './upstream-access.ts';
import { UpstreamClient } from './upstream-client.ts';

const DEFAULT_GRACE_MS = 5000;

export interface Proxy {
  /** Where clients reach it, such as http://127.0.0.1:4880. */
  readonly url: string;
  readonly port: number;
  /** Calls that have begun and not ended. */
  readonly inFlight: number;
  /** Refused requests and failed tunnels that are not on the tape, because too many came at once. */
  readonly unkeptRefusals: number;
  /**
   * Stops accepting, lets what is in flight finish for up to `graceMs` milliseconds (default 5000),
   * then cuts it; WebSockets, which have no end of their own, are cut at once. Called again, the shorter time holds. Every call has been handed to the writer
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

class RecordingProxy implements Proxy {
  readonly url: string;
  readonly port: number;
  readonly #recorder: Recorder;
  readonly #listener: Listener;
  readonly #refused: RefusedCalls;
  #closed: Promise<void> | null = null;

  constructor(
    url: string,
    port: number,
    recorder: Recorder,
    listener: Listener,
    refused: RefusedCalls,
  ) {
    this.url = url;
    this.port = port;
    this.#recorder = recorder;
    this.#listener = listener;
    this.#refused = refused;
  }

  get inFlight(): number {
    return this.#recorder.inFlight;
  }

  get unkeptRefusals(): number {
    return this.#refused.unkept;
  }

  async close(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#recorder.closing = true;
    this.#closed ??= this.#listener.close();
    const timer = setTimeout(() => {
      this.#recorder.stopping = true;
      this.#listener.cut();
    }, graceMs);
    await this.#closed;
    clearTimeout(timer);
    this.#recorder.client.close();
  }
}

function tlsOptions(settings: Settings): TlsDoorOptions | null {
  const { authority, writer, onHandshakeFailure } = settings;
  if (authority === null) return null;
  return {
    ...settings,
    authority,
    onFailure: (failure, to, durationMs) => {
      recordTunnel(writer, failure, to, durationMs);
      onHandshakeFailure(failure);
    },
  };
}

interface Shared {
  readonly recorder: Recorder;
  readonly dialer: Dialer;
  readonly refused: RefusedCalls;
}

function listenerFor(routes: readonly Route[], map: HostMap, shared: Shared): Listener {
  const { recorder, dialer, refused } = shared;
  const { keepHost, rewriteBodies, connectTimeoutMs, onUnrecorded, onTunnelFailure } =
    recorder.settings;
  const isForward = routes.length === 0;
  const bodyUrls = rewriteBodies && !isForward ? new BodyUrls(routes) : null;
  const routing = isForward ? forwardRouting(map) : reverseRouting(routes, keepHost, bodyUrls);
  const sealed = new SealedTunnels(dialer, map, connectTimeoutMs, (failure, to, durationMs) => {
    refused.noteTunnel(failure, to, durationMs);
    onTunnelFailure(`${to.hostname}:${to.port}`, failure);
  });
  const door = new TunnelDoor(
    (socket, to) => sealed.passOn(socket, to),
    onUnrecorded,
    tlsOptions(recorder.settings),
  );
  return new Listener(forwarder(recorder, routing), {
    door: isForward ? door : null,
    upgrade: upgrader(recorder, dialer, routing),
    onRefused: (request) => refused.note(request),
  });
}

/**
 * Starts a proxy that passes every call on and records it: to its upstreams, or as a forward proxy to
 * wherever the client says.
 *
 * @throws ProxyError naming the option to change.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const settings = settingsOf(options);
  const routes = routesOf(options);
  const map = mapOf(options);
  checkRoots(settings.ca);
  const guard = new AddressGuard(options.privatePorts);
  const proxies = proxiesOf(options);
  const dialer = new Dialer(trustOf(options), guard, proxies);
  const recorder = new Recorder(settings, new UpstreamClient(dialer));
  const refused = new RefusedCalls(settings.writer);
  const listener = listenerFor(routes, map, { recorder, dialer, refused });
  const { address, port } = await listen(listener.server, settings.host, settings.port);
  guard.listening(address, port);
  const url = urlOf(settings.host, port);
  refused.listening(url);
  try {
    const upstreams = [...routes.map(({ upstream }) => upstream), ...map.upstreams];
    checkUpstreams(upstreams, settings.host, port);
    checkProxies(proxies, settings.host, port);
  } catch (error) {
    await listener.close();
    throw error;
  }
  // After the caller has said that connections are accepted: reading the roots takes a while.
  const mayBeSecure = routes.length === 0 || routes.some(({ upstream }) => upstream.secure);
  if (mayBeSecure) setImmediate(() => recorder.client.warm());
  return new RecordingProxy(url, port, recorder, listener, refused);
}
