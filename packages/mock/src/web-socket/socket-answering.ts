import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { toLines } from '@calltape/store';
import type { FlatHeaders, TapeWriter } from '@calltape/store';
import { callOf } from '../call.ts';
import type { Call } from '../call.ts';
import type { EndpointLatency } from '../endpoint-latency.ts';
import { ownAnswer } from '../own-answer.ts';
import { Delivery } from '../perform.ts';
import type { Answer, Player } from '../player.ts';
import { ServedCall } from '../served-call.ts';
import type { HeadStep, Plan } from '../step.ts';
import { Conversation } from './conversation.ts';
import { acceptFields, handshakeProblem } from './handshake.ts';
import { messagesOf } from './recorded-messages.ts';
import { scriptOf } from './script.ts';
import { ServedSocket } from './served-socket.ts';

const NO_BYTES = new Uint8Array(0);

interface Opening {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came behind the handshake. */
  readonly head: Buffer;
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
  readonly #open = new Set<Conversation>();
  /** Messages of clients that were not what was recorded. */
  mismatches = 0;

  constructor(player: Player, latency: EndpointLatency, served: TapeWriter | null) {
    this.#player = player;
    this.#latency = latency;
    this.#served = served;
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { method = 'GET', url = '', rawHeaders } = request;
    const call = callOf(method, url, rawHeaders, NO_BYTES);
    const opening = { request, socket, head, call };
    socket.on('error', () => socket.destroy());
    const problem = handshakeProblem(request);
    if (problem !== null) {
      this.#answer(opening, { plan: ownAnswer(400, problem), recording: null, faults: [] });
      return;
    }
    const answer = this.#player.answer(call);
    const accepted = answer.recording === null ? null : acceptance(answer.plan);
    if (accepted === null) this.#answer(opening, answer);
    else setTimeout(() => this.#accept(opening, answer, accepted.head), accepted.waitMs);
  }

  /** Tells every client that the mock goes away. */
  stop(): void {
    for (const conversation of this.#open) conversation.stop();
  }

  stopAll(): void {
    for (const conversation of this.#open) conversation.cut();
  }

  #accept({ request, socket, head, call }: Opening, answer: Answer, accepted: HeadStep): void {
    const { recording } = answer;
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
    conversation.begin(head);
  }

  /** Anything but a WebSocket: a miss, a fault. The connection ends after it. */
  #answer({ request, socket, call }: Opening, answer: Answer): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    const arrival = { startedAt: Date.now(), mark: performance.now() };
    const watcher =
      this.#served === null ? null : new ServedCall(this.#served, call, answer, arrival);
    const failed = (): void => {
      socket.destroy();
    };
    const delivery = new Delivery(answer.plan, { response, raw: socket, watcher, failed });
    response.once('close', () => delivery.closed());
    socket.once('close', () => response.destroy());
    delivery.play();
  }
}
