import { ServerResponse } from '../node-http.ts';
import type { Socket } from 'node:net';
import { toLines } from '@calltape/store';
import type { FlatHeaders } from '@calltape/store';
import { callOf } from '../call.ts';
import type { Call } from '../call.ts';
import type { EndpointLatency } from '../endpoint-latency.ts';
import { watcherOf } from '../keepers.ts';
import type { Keepers } from '../keepers.ts';
import { ownAnswer } from '../own-answer.ts';
import { Delivery } from '../perform.ts';
import type { Answer } from '../answer.ts';
import type { Player } from '../player.ts';
import { takeRequestFault } from '../request-fault.ts';
import type { Route } from '../routes.ts';
import type { Arrival } from '../served-call.ts';
import type { HeadStep, Plan } from '../step.ts';
import type { Opening } from '../visit.ts';
import { Conversation } from './conversation.ts';
import type { Listener } from './conversation.ts';
import { acceptFields, handshakeProblem } from './handshake.ts';
import { messagesOf } from './recorded-messages.ts';
import { scriptOf } from './script.ts';
import { ServedSocket } from './served-socket.ts';

const NO_BYTES = new Uint8Array(0);

/** A handshake on its way to an answer. */
interface Incoming extends Opening {
  readonly socket: Socket;
  readonly call: Call;
}

function headText({ status, statusText }: HeadStep, fields: FlatHeaders): string {
  const lines = toLines(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${statusText}\r\n${lines.join('')}\r\n`;
}

function now(): Arrival {
  return { startedAt: Date.now(), mark: performance.now() };
}

/** How long to wait before a handshake is accepted; null when that is not what a plan does. */
function acceptance(plan: Plan): { readonly waitMs: number; readonly head: HeadStep } | null {
  const waits = plan.filter((step) => step.kind === 'wait');
  const [head, more] = plan.filter((step) => step.kind !== 'wait');
  if (head?.kind !== 'head' || head.status !== 101 || more !== undefined) return null;
  return { head, waitMs: waits.reduce((sum, { ms }) => sum + ms, 0) };
}

/** Answers requests to open a WebSocket with what was recorded on one. */
export class SocketAnswering {
  readonly #player: Player;
  readonly #latency: EndpointLatency;
  readonly #keepers: Keepers;
  readonly #routes: readonly Route[];
  readonly #open = new Set<Conversation>();
  /** Answers that are no WebSockets. */
  readonly #live = new Set<Delivery>();
  #stopped = false;
  /** Messages of clients that were not what was recorded. */
  mismatches = 0;

  constructor(
    player: Player,
    latency: EndpointLatency,
    keepers: Keepers,
    routes: readonly Route[],
  ) {
    this.#player = player;
    this.#latency = latency;
    this.#keepers = keepers;
    this.#routes = routes;
  }

  /** Owns the connection from here on. */
  open(opening: Opening): void {
    const { request, passOn } = opening;
    const { socket } = request;
    const came = callOf(opening, NO_BYTES, this.#routes);
    const { call, fault, refusal } = takeRequestFault(came, socket);
    const incoming = { ...opening, socket, call };
    socket.on('error', () => socket.destroy());
    const problem = handshakeProblem(request);
    if (problem !== null) {
      const plan = ownAnswer(400, problem);
      this.#answer(incoming, { plan, recording: null, faults: [], result: 'refused' });
      return;
    }
    const answer = refusal ?? this.#player.answer(call, passOn !== null, fault);
    const accepted = answer.recording === null ? null : acceptance(answer.plan);
    if (accepted === null) this.#answer(incoming, answer);
    else setTimeout(() => this.#accept(incoming, answer, accepted.head), accepted.waitMs);
  }

  /** Tells every client that the mock goes away, and cuts the answers that would never end. */
  stop(): void {
    this.#stopped = true;
    for (const conversation of this.#open) conversation.stop();
    for (const delivery of this.#live) if (delivery.hangs) delivery.stop();
  }

  stopAll(): void {
    for (const conversation of this.#open) conversation.cut();
    for (const delivery of this.#live) delivery.stop();
  }

  #accept(incoming: Incoming, answer: Answer, accepted: HeadStep): void {
    const { request, socket, behind, call } = incoming;
    const { recording } = answer;
    if (this.#stopped) socket.destroy();
    if (recording === null || socket.destroyed) return;
    const fields = acceptFields(toLines(accepted.headers), request);
    const pace = this.#latency.paceOf(recording);
    const script = scriptOf(recording.exchange, messagesOf(recording), pace);
    const listeners = this.#listenersOf(call, answer, fields, accepted);
    socket.setNoDelay(true);
    socket.write(headText(accepted, fields), 'latin1');
    const conversation = new Conversation(socket, script, {
      onMessage: (direction, kind, bytes, differs) => {
        if (differs) this.mismatches += 1;
        for (const one of listeners) one.onMessage(direction, kind, bytes, differs);
      },
      onEnd: (closed) => {
        this.#open.delete(conversation);
        for (const one of listeners) one.onEnd(closed);
      },
    });
    this.#open.add(conversation);
    conversation.begin(behind);
  }

  #listenersOf(call: Call, answer: Answer, fields: FlatHeaders, head: HeadStep): Listener[] {
    const { served, journal } = this.#keepers;
    const listeners: Listener[] = [];
    if (served !== null) listeners.push(new ServedSocket(served, call, answer, fields));
    if (journal === null) return listeners;
    const noted = journal.watch(call, answer, now());
    noted.done(head);
    const onEnd = (closed: boolean): void => noted.ended(closed ? 'complete' : 'left', null);
    return [...listeners, { onMessage: () => undefined, onEnd }];
  }

  /** Anything but a WebSocket: a miss, a fault. The connection ends after it. */
  #answer({ request, socket, call, passOn }: Incoming, answer: Answer): void {
    const { plan } = answer;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    const watcher = watcherOf(this.#keepers, call, answer, now());
    const pass = (): void => {
      // Faults alter answers, not what is said on a WebSocket.
      answer.late?.settle();
      this.#live.delete(delivery);
      response.detachSocket(socket);
      passOn?.();
    };
    const failed = (): void => void socket.destroy();
    const stage = { response, raw: socket, http10: false, watcher, pass, failed };
    const delivery = new Delivery(plan, stage);
    this.#live.add(delivery);
    response.once('close', () => {
      this.#live.delete(delivery);
      delivery.closed();
    });
    socket.once('close', () => response.destroy());
    delivery.play();
  }
}
