import { AddressGuard } from './address-guard.ts';
import type { IncomingMessage } from 'node:http';
import type { UpgradeAnswer } from './answer.ts';
import type { ClientResponse, IncomingRequest } from './client-side.ts';
import type { Routing } from './destination.ts';
import { Dialer } from './dial.ts';
import { answerFailure, rawFailure } from './error-answer.ts';
import { forwarder, upgrader } from './forward.ts';
import { forwardRouting } from './forward-routing.ts';
import { HeadScan } from './head-scan.ts';
import { checkProxies, checkUpstreams } from './itself.ts';
import type { Bound } from './listen.ts';
import { mapOf, routesOf, settingsOf } from './options.ts';
import type { ProxyOptions } from './options.ts';
import type { Origin } from './origin.ts';
import { Recorder } from './recorder.ts';
import type { RelayEnd } from './relay.ts';
import { lastWords } from './last-words.ts';
import { upgradeFailure } from './refusal.ts';
import { ReplayedRequest } from './replayed-request.ts';
import { reverseRouting } from './reverse-routing.ts';
import { checkRoots } from './trusted-roots.ts';
import type { Tunnel } from './tunnel.ts';
import { proxiesOf, trustOf } from './upstream-access.ts';
import { UpstreamClient } from './upstream-client.ts';
import type { UpstreamProxies } from './upstream-proxies.ts';

/** What becomes of the answer to a call that is passed on. */
export interface PassedTo {
  /** Takes the answer in the place of the client; what is recorded stays the answer of the API. */
  readonly response: ClientResponse | null;
  /** Told when the call is over. */
  readonly onEnd: ((end: RelayEnd) => void) | null;
}

const TO_THE_CLIENT: PassedTo = { response: null, onEnd: null };

/**
 * Passes a call on whose content has been read.
 *
 * @param headers - Its fields, flat, as they are to be sent and kept.
 */
export type PassOn = (headers: readonly string[], content: Uint8Array, to?: PassedTo) => void;

/** A call on its way through a door. */
export interface Passing {
  readonly request: IncomingRequest;
  readonly response: ClientResponse;
  readonly head: HeadScan;
  readonly tunnel: Tunnel | null;
  /** The client speaks TLS with us. */
  readonly secure: boolean;
}

/** The client has been told to go on by whoever read its content, so the upstream is not asked again. */
function headToSend({ rawHeaders, httpVersion }: IncomingRequest, head: HeadScan): HeadScan {
  const fields = rawHeaders.filter(
    (_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== 'expect',
  );
  const isUnsaid = httpVersion === '2' && head.codings !== '';
  return new HeadScan(isUnsaid ? [...fields, 'Transfer-Encoding', head.codings] : fields);
}

/** Whether a client without a tunnel says in its target that it takes us for a forward proxy. */
function isAbsolute({ url = '/' }: IncomingRequest): boolean {
  return !url.startsWith('/') && url !== '*';
}

/** Passes some calls on as a recording proxy does, each when whoever answers calls says so. */
export class PassingOn {
  readonly upgrade: UpgradeAnswer;
  readonly #recorder: Recorder;
  readonly #routing: Routing;
  readonly #isForward: boolean;
  readonly #guard: AddressGuard;
  readonly #proxies: UpstreamProxies;
  readonly #upstreams: readonly Origin[];

  /** @throws ProxyError naming the option to change. */
  constructor(options: ProxyOptions) {
    const settings = settingsOf(options);
    const [routes, map] = [routesOf(options), mapOf(options)];
    checkRoots(settings.ca);
    this.#proxies = proxiesOf(options);
    this.#guard = new AddressGuard(options.privatePorts);
    const dialer = new Dialer(trustOf(options), this.#guard, this.#proxies);
    this.#isForward = routes.length === 0;
    this.#upstreams = [...routes.map(({ upstream }) => upstream), ...map.upstreams];
    this.#recorder = new Recorder(settings, new UpstreamClient(dialer));
    this.#routing = this.#isForward
      ? forwardRouting(map)
      : reverseRouting(routes, settings.keepHost, null);
    const upgrade = upgrader(this.#recorder, dialer, this.#routing);
    this.upgrade = (request, behind, head, tunnel) =>
      this.#mayPass(request, tunnel)
        ? upgrade(request, behind, head, tunnel)
        : upgradeFailure(request.headers.upgrade ?? '');
  }

  get inFlight(): number {
    return this.#recorder.inFlight;
  }

  /** @throws ProxyError when calls would go round in circles. */
  listening(host: string, { address, port }: Bound): void {
    this.#guard.listening(address, port);
    checkUpstreams(this.#upstreams, host, port);
    checkProxies(this.#proxies, host, port);
  }

  /** What passes a call on once its content has been read; null where it leads nowhere. */
  wayOf(passing: Passing): PassOn | null {
    const { request, response, head, tunnel } = passing;
    if (!this.#mayPass(request, tunnel)) return null;
    if ('code' in this.#routing(request, tunnel)) return null;
    const routing = this.#routingOf(passing);
    return (headers, content, to = TO_THE_CLIENT) => {
      const replayed = new ReplayedRequest(request, headers, content);
      const taker = to.response ?? response;
      const answer = forwarder(this.#recorder, routing, to.onEnd);
      const failure = answer(replayed, taker, headToSend(replayed, head), tunnel);
      // Of a strict recorder whose tape takes no more.
      if (failure === null) return;
      answerFailure(taker, failure);
      to.onEnd?.({ status: null, outcome: 'error' });
    };
  }

  /** What passes the opening of a WebSocket on; null where it leads nowhere. */
  upgradeOf(
    request: IncomingMessage,
    behind: Buffer,
    head: HeadScan,
    tunnel: Tunnel | null,
  ): (() => void) | null {
    if (!this.#mayPass(request, tunnel) || 'code' in this.#routing(request, tunnel)) return null;
    return () => {
      const failure = this.upgrade(request, behind, head, tunnel);
      if (failure !== null) lastWords(request.socket, rawFailure(failure));
    };
  }

  /** Calls still come to their end. */
  closing(): void {
    this.#recorder.closing = true;
  }

  /** Calls are cut. */
  stopping(): void {
    this.#recorder.stopping = true;
  }

  close(): void {
    this.#recorder.client.close();
  }

  /** With upstreams of its own it is no proxy for any other. */
  #mayPass(request: IncomingRequest, tunnel: Tunnel | null): boolean {
    return this.#isForward || (tunnel === null && !isAbsolute(request));
  }

  /** Where a reverse proxy is seen by its clients depends on how they speak with it. */
  #routingOf({ secure }: Passing): Routing {
    if (!secure || this.#isForward) return this.#routing;
    return (request, tunnel) => {
      const destination = this.#routing(request, tunnel);
      if ('code' in destination || destination.seenAs === null) return destination;
      return { ...destination, seenAs: destination.seenAs.replace(/^http:/, 'https:') };
    };
  }
}
