import { towardsProxy } from './absolute-form.ts';
import type { Capture } from './capture.ts';
import { Deadline } from './deadline.ts';
import type { CancelDial } from './dial.ts';
import { connectTimeout, responseTimeout, upstreamFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import type { Taken } from './give-back.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { proxyDenied } from './proxy-failure.ts';
import type { Recorder } from './recorder.ts';
import { requestText } from './request-text.ts';
import type { AnswerHead } from './response-parser.ts';
import { mayRetry } from './retry.ts';
import type { ConnectionUser, UpstreamConnection } from './upstream-connection.ts';
import type { Upstream } from './upstream.ts';

/** The request as it goes to the upstream. */
export interface OutgoingRequest {
  readonly upstream: Upstream;
  readonly method: string;
  readonly target: string;
  readonly fields: readonly string[];
  readonly hasContent: boolean;
  readonly chunked: boolean;
}

/** What one attempt tells the call it is made for. */
export interface AttemptEvents {
  /** Milliseconds since the call started. */
  now(): number;
  onInterim(head: AnswerHead): void;
  onAnswer(head: AnswerHead): void;
  onContent(piece: Buffer): void;
  /** All of the answer that has come so far has been told; what came last was `read`. */
  onCaughtUp(read: Buffer): void;
  onReceived(trailers: string[]): void;
  /** There will be no answer. */
  onFailure(failure: Failure, mayRetry: boolean): void;
  /** The connection broke after the answer had begun; null after an orderly close. */
  onBroken(error: Error | null): void;
  /** The connection takes more of the request again. */
  onDrain(): void;
  /** The connection takes no more of the request. */
  onGone(): void;
  /** The client has content left to send and nothing holds it back but itself. */
  waitsForClient(): boolean;
}

/** One try at getting an answer from the upstream: takes or opens a connection, sends, and waits. */
export class Attempt implements ConnectionUser {
  readonly #recorder: Recorder;
  readonly #outgoing: OutgoingRequest;
  readonly #capture: Capture;
  readonly #events: AttemptEvents;
  readonly #deadline: Deadline = new Deadline();
  /** Content that came while the connection was being opened. */
  #waiting: Uint8Array[] = [];
  #waitingEnd: readonly [string, string][] | null = null;
  #connection: UpstreamConnection | null = null;
  #cancelDial: CancelDial | null = null;
  /** A proxy that passes the request on. */
  #via: ProxyAddress | null = null;
  #handshaking = false;
  #state: 'waiting' | 'answering' | 'received' = 'waiting';

  constructor(
    recorder: Recorder,
    outgoing: OutgoingRequest,
    capture: Capture,
    events: AttemptEvents,
  ) {
    this.#recorder = recorder;
    this.#outgoing = outgoing;
    this.#capture = capture;
    this.#events = events;
  }

  /**
   * Sends the head, as soon as there is a connection.
   *
   * @throws when the request cannot be put on the wire at all.
   */
  start(): void {
    const outgoing = this.#outgoing;
    const via = this.#recorder.client.viaFor(outgoing.upstream);
    this.#via = via;
    const head = requestText(via === null ? outgoing : towardsProxy(outgoing, via));
    const kept = this.#recorder.client.takeIdle(outgoing.upstream);
    this.#capture.marks.assigned = this.#events.now();
    if (kept === null) this.#dial(head);
    else this.#begin(kept, head);
  }

  /** The request has a connection, or will have one. */
  get takesContent(): boolean {
    return this.#connection !== null || this.#cancelDial !== null;
  }

  /**
   * Sends a piece of content; false when `onDrain` is to be awaited before the next.
   *
   * @param taken - As for a connection; not called for what has to wait for one.
   */
  write(piece: Uint8Array, taken?: Taken): boolean {
    if (this.#connection === null) {
      this.#waiting.push(piece);
      return false;
    }
    this.#deadline.extend();
    return this.#connection.write(piece, taken);
  }

  /** Nothing more of the request follows. */
  endRequest(trailers: readonly [string, string][]): void {
    if (this.#connection === null) this.#waitingEnd = trailers;
    else this.#connection.endRequest(trailers);
  }

  /** Reads no more of the answer for now. */
  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  /** Keeps the connection no longer than this, ms; 0 closes it. */
  keepFor(idleMs: number): void {
    if (this.#connection !== null) this.#connection.idleLimitMs = idleMs;
  }

  /** Gives the attempt up and closes its connection, if the exchange is not over. */
  destroy(): void {
    this.#deadline.stop();
    this.#cancelDial?.();
    this.#cancelDial = null;
    this.#connection?.destroy();
    this.#connection = null;
  }

  #dial(head: string): void {
    const { marks } = this.#capture;
    const { connectTimeoutMs } = this.#recorder.settings;
    const { upstream } = this.#outgoing;
    const events = this.#events;
    this.#deadline.start(connectTimeoutMs, () => {
      const way = this.#recorder.client.wayTo(upstream);
      events.onFailure(connectTimeout(way, connectTimeoutMs), false);
    });
    const watch = {
      onLooked: (): void => {
        marks.looked = events.now();
      },
      onConnected: (): void => {
        marks.connected = events.now();
        this.#handshaking = upstream.secure;
      },
      onSecured: (): void => {
        marks.secured = events.now();
      },
    };
    this.#cancelDial = this.#recorder.client.open(upstream, watch, (error, connection) => {
      this.#cancelDial = null;
      if (connection !== null) this.#begin(connection, head);
      else if (error !== null) this.#fail(error, false);
    });
  }

  #begin(connection: UpstreamConnection, head: string): void {
    const { method, upstream, hasContent, chunked } = this.#outgoing;
    const { responseTimeoutMs } = this.#recorder.settings;
    this.#connection = connection;
    this.#handshaking = false;
    this.#capture.draft.peerAddress = connection.peerAddress;
    this.#deadline.start(responseTimeoutMs, () => {
      if (this.#events.waitsForClient()) this.#deadline.extend();
      else this.#events.onFailure(responseTimeout(upstream.origin, responseTimeoutMs), false);
    });
    connection.begin(this, { head, toHead: method === 'HEAD', hasContent, chunked });
    if (hasContent) this.#sendWaiting(connection);
  }

  #sendWaiting(connection: UpstreamConnection): void {
    const pieces = this.#waiting;
    this.#waiting = [];
    let isTaken = true;
    for (const piece of pieces) isTaken = connection.write(piece);
    if (this.#waitingEnd !== null) connection.endRequest(this.#waitingEnd);
    else if (pieces.length > 0 && isTaken) this.#events.onDrain();
  }

  onSent(): void {
    this.#capture.marks.sent = this.#events.now();
    if (this.#state === 'waiting') this.#deadline.extend();
  }

  onDrain(): void {
    this.#events.onDrain();
  }

  onInterim(head: AnswerHead): void {
    this.#events.onInterim(head);
  }

  onHead(head: AnswerHead): void {
    if (this.#via !== null && head.status === 407) {
      // It is meant for us: an upstream does not ask who the user of a proxy is.
      this.#events.onFailure(
        proxyDenied(this.#via, `407 ${head.statusText}`.trim()).failure,
        false,
      );
      return;
    }
    this.#state = 'answering';
    this.#deadline.stop();
    this.#events.onAnswer(head);
  }

  onContent(piece: Buffer): void {
    this.#events.onContent(piece);
  }

  onCaughtUp(read: Buffer): void {
    this.#events.onCaughtUp(read);
  }

  onEnd(trailers: string[]): void {
    this.#state = 'received';
    this.#events.onReceived(trailers);
  }

  onReleased(): void {
    this.#connection = null;
  }

  onLost(error: Error | null): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#deadline.stop();
    if (this.#state === 'received') this.#events.onGone();
    else if (this.#state === 'answering') this.#events.onBroken(error);
    else {
      const { hasContent, method } = this.#outgoing;
      const isStale = connection !== null && !hasContent && mayRetry(method, connection, error);
      this.#fail(error ?? new Error('the connection was closed'), isStale);
    }
  }

  #fail(error: Error, repeatable: boolean): void {
    const { origin } = this.#outgoing.upstream;
    this.#events.onFailure(upstreamFailure(error, origin, this.#handshaking), repeatable);
  }
}
