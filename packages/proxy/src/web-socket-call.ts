import type { Socket } from 'node:net';
import type { DraftMessage, MessageDirection, Outcome } from '@calltape/store';
import type { Capture } from './capture.ts';
import * as failures from './failure.ts';
import type { Failure } from './failure.ts';
import { MessageBudget } from './message-budget.ts';
import { MessageTap } from './message-tap.ts';
import type { Recorder } from './recorder.ts';
import { splice } from './splice.ts';
import type { Side } from './splice.ts';

/** A connection that is gone without a word, and not merely silent, is found out after this, ms. */
const KEEP_ALIVE_PROBE_MS = 60_000;

/** Both ends of a WebSocket. */
export interface Ends {
  readonly client: Socket;
  readonly upstream: Socket;
}

function agreesOnDeflate(headers: readonly string[]): boolean {
  return headers.some(
    (text, at) =>
      at % 2 === 1 &&
      headers[at - 1]?.toLowerCase() === 'sec-websocket-extensions' &&
      /(?:^|,)\s*permessage-deflate\s*(?:[;,]|$)/i.test(text),
  );
}

/** A call that has become a WebSocket: two connections that are joined, and what passes noted. */
export class WebSocketCall {
  readonly #recorder: Recorder;
  readonly #capture: Capture;
  readonly #now: () => number;
  readonly #ends: Ends;
  readonly #origin: string;
  readonly #taps: Readonly<Record<MessageDirection, MessageTap>>;
  /** One side has said that it closes. */
  #closing = false;
  #ended: [Outcome, Failure | null] | null = null;

  constructor(recorder: Recorder, capture: Capture, now: () => number, ends: Ends, origin: string) {
    this.#recorder = recorder;
    this.#capture = capture;
    this.#now = now;
    this.#ends = ends;
    this.#origin = origin;
    const deflates = agreesOnDeflate(capture.draft.response?.headers ?? []);
    const budget = new MessageBudget(recorder.settings.webSocket);
    const tell = (message: DraftMessage): void => this.#tell(message);
    this.#taps = {
      sent: new MessageTap('sent', deflates, budget, now, tell),
      received: new MessageTap('received', deflates, budget, now, tell),
    };
  }

  /**
   * @param early - What the client has sent already.
   * @param behind - What the upstream has sent behind its 101.
   */
  begin(early: Buffer, behind: Buffer): void {
    const { client, upstream } = this.#ends;
    const { writer } = this.#recorder;
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    }
    writer.show(this.#capture.draft);
    splice(this.#side('sent', client), this.#side('received', upstream), writer, () => {
      this.#end();
    });
    if (early.length > 0) client.unshift(early);
    if (behind.length > 0) upstream.unshift(behind);
    client.resume();
    upstream.resume();
  }

  #side(direction: MessageDirection, socket: Socket): Side {
    return {
      socket,
      onPiece: (piece) => this.#taps[direction].read(piece),
      onOver: (error) => this.#onOver(direction, error),
    };
  }

  #tell(message: DraftMessage): void {
    if (message.kind === 'close') this.#closing = true;
    this.#recorder.writer.message(this.#capture.draft, message);
  }

  /** The first side to go decides how the call has ended. */
  #onOver(direction: MessageDirection, error: Error | null): void {
    if (this.#closing) this.#ended ??= ['complete', null];
    else if (this.#recorder.closing) this.#ended ??= ['interrupted', failures.recorderStopped()];
    else if (direction === 'sent') this.#ended ??= ['aborted', failures.webSocketLeft()];
    else this.#ended ??= ['truncated', failures.webSocketCut(error, this.#origin)];
  }

  #end(): void {
    const [outcome, failure] = this.#ended ?? ['complete', null];
    this.#taps.sent.end();
    this.#taps.received.end();
    this.#recorder.inFlight -= 1;
    this.#capture.end(outcome, failure?.code ?? null, failure?.message ?? null, this.#now());
    this.#recorder.writer.finish(this.#capture.draft);
  }
}
