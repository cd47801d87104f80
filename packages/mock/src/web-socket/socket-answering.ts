import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { toLines } from '@calltape/store';
import type { FlatHeaders, TapeWriter } from '@calltape/store';
import { callOf } from '../call.ts';
import type { Call } from '../call.ts';
import type { EndpointLatency } from '../endpoint-latency.ts';
import { ownAnswer } from '../own-answer.ts';
import { Delivery } from '../perform.ts';
import type { Answer, Player } from '../player.ts';
import { takeRequestFault } from '../request-fault.ts';
import type { Route } from '../routes.ts';
import { ServedCall } from '../served-call.ts';
import type { HeadStep, Plan } from '../step.ts';
import type { Opening } from '../visit.ts';
import { Conversation } from './conversation.ts';
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
  readonly #served: TapeWriter | null;
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
    served: TapeWriter | null,
    routes: readonly Route[],
  ) {
    this.#player = player;
    this.#latency = latency;
    this.#served = served;
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
      this.#answer(incoming, { plan: ownAnswer(400, problem), recording: null, faults: [] });
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
    const served =
      this.#served === null ? null : new ServedSocket(this.#served, call, answer, fields);
    socket.setNoDelay(true);
    socket.write(headText(accepted, fields), 'latin1');
    const conversation = new Conversation(socket, script, {
      onMessage: (direction, kind, bytes, differs) => {
        if (differs) this.mismatches += 1;
        served?.onMessage(direction, kind, bytes, differs);
      },
      onEnd: (closed) => {
        this.#open.delete(conversation);
        served?.onEnd(closed);
      },
    });
    this.#open.add(conversation);
    conversation.begin(behind);
  }

  /** Anything but a WebSocket: a miss, a fault. The connection ends after it. */
  #answer({ request, socket, call, passOn }: Incoming, { plan, ...answer }: Answer): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    const arrival = { startedAt: Date.now(), mark: performance.now() };
    const isPassed = plan.some(({ kind }) => kind === 'pass');
    const watcher =
      this.#served === null || isPassed
        ? null
        : new ServedCall(this.#served, call, { plan, ...answer }, arrival);
    const pass = (): void => {
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
