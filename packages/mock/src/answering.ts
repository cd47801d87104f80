import { Socket } from 'node:net';
import { callOf } from './call.ts';
import type { Call } from './call.ts';
import { onHttp2 } from './http2-plan.ts';
import { watcherOf } from './keepers.ts';
import type { Keepers } from './keepers.ts';
import { lateAnswer } from './late-answer.ts';
import { ownAnswer } from './own-answer.ts';
import { cut, Delivery } from './perform.ts';
import { awaitsAnswer } from './plan-parts.ts';
import type { Answer } from './answer.ts';
import type { Player } from './player.ts';
import { readBody } from './read-body.ts';
import type { BodyRead } from './read-body.ts';
import { takeRequestFault } from './request-fault.ts';
import type { Arrival } from './served-call.ts';
import type { Route } from './routes.ts';
import type { Plan } from './step.ts';
import { UnderWay } from './under-way.ts';
import type { Channel, PassedEnd, Visit, VisitResponse } from './visit.ts';

/** Largest request content that is taken for matching, bytes. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** How long a refused upload is read on, so that its client gets to see the refusal. */
const LINGER_MS = 1_000;

const NO_BYTES = new Uint8Array(0);
const UNWATCHED: Arrival = { startedAt: 0, mark: 0 };

function ignore(): void {
  // A response that cannot be written has a client that is gone: `close` follows.
}

function tooLarge(): Answer {
  const message = 'The content of the request is over the 64 MiB that the mock reads. Send less.';
  const [head, chunk, ...rest] = ownAnswer(413, { code: 'REQUEST_TOO_LARGE', message }, [
    'connection',
    'close',
  ]);
  const steps = [head, chunk, { kind: 'wait', ms: LINGER_MS } as const, ...rest];
  const plan = steps.filter((step) => step !== undefined);
  return { plan, recording: null, faults: [], result: 'refused' };
}

function failure(error: unknown): Plan {
  const reason = error instanceof Error ? error.message : String(error);
  return ownAnswer(500, {
    code: 'MOCK_FAILED',
    message: `The mock could not answer: ${reason}. This is a defect of calltape; please report it.`,
  });
}

/** A request on its way to an answer. */
interface Incoming extends Visit {
  readonly arrival: Arrival;
}

/** A call on its way to the real API. */
interface Passing {
  readonly incoming: Incoming;
  readonly call: Call;
  readonly answer: Answer;
  /** What has become of it; null while that is not known. */
  end: PassedEnd | null;
}

/** The socket that carries this answer and no other at the same time. */
function rawOf({ request }: Visit): Socket | null {
  return request.socket instanceof Socket ? request.socket : null;
}

/** Answers the requests of a server with what the player says. */
export class Answering {
  readonly #player: Player;
  readonly #keepers: Keepers;
  readonly #routes: readonly Route[];
  readonly #live = new UnderWay<Delivery>();
  readonly #lastOn = new WeakMap<Channel, VisitResponse>();
  #onIdle: (() => void) | null = null;
  /** Answers of the real API that are to be altered, and come to their end without their clients. */
  #coming = 0;
  #onHeard: (() => void) | null = null;

  constructor(player: Player, keepers: Keepers, routes: readonly Route[]) {
    this.#player = player;
    this.#keepers = keepers;
    this.#routes = routes;
  }

  /** Owns both messages of the call from here on. */
  visit(visit: Visit): void {
    const { request, response } = visit;
    const { served, journal } = this.#keepers;
    const isWatched = served !== null || journal !== null;
    const arrival = isWatched ? { startedAt: Date.now(), mark: performance.now() } : UNWATCHED;
    const before = this.#lastOn.get(request.socket);
    this.#lastOn.set(request.socket, response);
    response.on('error', ignore);
    readBody(request, MAX_BODY_BYTES, (read) => {
      this.#inTurn(response, before, () => this.#take({ ...visit, arrival }, read));
    });
  }

  /** Whether an answer on this socket is under way. */
  isAnswering(socket: Channel): boolean {
    const response = this.#lastOn.get(socket);
    return response !== undefined && response.headersSent && !response.writableFinished;
  }

  /** Cuts the calls that would never end by themselves. */
  stopHanging(): void {
    for (const delivery of this.#live.all()) if (delivery.hangs) delivery.stop();
  }

  stopAll(): void {
    for (const delivery of this.#live.all()) delivery.stop();
  }

  /** Resolves when every answer has come to its end and is on the served tape. */
  async idle(): Promise<void> {
    if (this.#live.isEmpty) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onIdle = resolve;
    await promise;
  }

  /**
   * Resolves when the real API has given the answers that are altered in full, so that they are on the
   * tape also where a fault has sent the client away; after `graceMs` milliseconds at the latest.
   */
  async heardOut(graceMs: number): Promise<void> {
    if (this.#coming === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    this.#onHeard = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** A pipelined request waits until those before it on its connection have been answered. */
  #inTurn(response: VisitResponse, before: VisitResponse | undefined, go: () => void): void {
    if (response.socket !== null || before === undefined) go();
    else before.once('close', go);
  }

  #take(incoming: Incoming, read: BodyRead): void {
    const { request } = incoming;
    if (read.kind === 'left' || request.socket.destroyed) return;
    const { served } = this.#keepers;
    if (served?.full === true) served.onceDrained(() => this.#answer(incoming, read));
    else this.#answer(incoming, read);
  }

  #answer(incoming: Incoming, read: BodyRead): void {
    if (incoming.request.socket.destroyed) return;
    const whole = read.kind === 'whole';
    const came = callOf(incoming, whole ? read.bytes : NO_BYTES, this.#routes);
    const { call, fault, refusal } = takeRequestFault(came, incoming.request.socket);
    try {
      const mayPass = incoming.passOn !== null;
      const answer = whole ? (refusal ?? this.#player.answer(call, mayPass, fault)) : tooLarge();
      this.#perform(incoming, call, answer);
    } catch (error) {
      this.#fail(incoming, error);
    }
  }

  #perform(incoming: Incoming, call: Call, answer: Answer): void {
    const { response, arrival } = incoming;
    const plan = call.httpVersion === '2' ? onHttp2(answer.plan) : answer.plan;
    const watcher = watcherOf(this.#keepers, call, answer, arrival);
    const passing: Passing = { incoming, call, answer, end: null };
    const delivery: Delivery = new Delivery(plan, {
      response,
      raw: rawOf(incoming),
      http10: call.httpVersion === '1.0',
      watcher,
      pass: () => this.#pass(passing, delivery),
      failed: (error) => this.#fail(incoming, error),
    });
    delivery.play();
    if (watcher === null && answer.late === undefined && response.writableEnded) return;
    const slot = this.#live.add(delivery);
    response.once('close', () => {
      // Whoever has passed the call on hears of this after us, and says then what became of it.
      if (awaitsAnswer(answer.plan)) queueMicrotask(() => this.#closed(slot, delivery, passing));
      else this.#closed(slot, delivery, passing);
    });
  }

  #closed(slot: number, delivery: Delivery, { answer, end }: Passing): void {
    this.#live.delete(slot);
    delivery.closed(end);
    answer.late?.settle();
    if (this.#live.isEmpty) this.#onIdle?.();
  }

  #pass(passing: Passing, delivery: Delivery): void {
    const { incoming, call, answer } = passing;
    const { passOn } = incoming;
    if (answer.late === undefined) {
      const onEnd = (end: PassedEnd): void => void (passing.end = end);
      passOn?.(call.headers, call.body, { response: null, onEnd });
      return;
    }
    this.#coming += 1;
    const response = lateAnswer(call, answer.late, delivery, incoming.response);
    passOn?.(call.headers, call.body, { response, onEnd: () => this.#hasCome() });
  }

  #hasCome(): void {
    this.#coming -= 1;
    if (this.#coming === 0) this.#onHeard?.();
  }

  #fail(incoming: Incoming, error: unknown): void {
    const { request, response } = incoming;
    const raw = rawOf(incoming);
    if (response.headersSent) {
      cut({ response, raw });
      return;
    }
    const http10 = request.httpVersion === '1.0';
    const stage = { response, raw, http10, watcher: null, failed: ignore, pass: ignore };
    new Delivery(failure(error), stage).play();
  }
}
