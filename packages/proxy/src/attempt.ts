import type { ClientRequest, IncomingMessage, InformationEvent } from 'node:http';
import type { Socket } from 'node:net';
import type { Capture } from './capture.ts';
import { watchOpening } from './connection-watch.ts';
import { Deadline } from './deadline.ts';
import { connectTimeout, protocolFailure, responseTimeout, upstreamFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { sendHeadAsLatin1 } from './latin1-head.ts';
import { mayRetry } from './retry.ts';
import type { Recorder } from './recorder.ts';
import type { Upstream } from './upstream.ts';

/** The request as it goes to the upstream. */
export interface OutgoingRequest {
  readonly upstream: Upstream;
  readonly method: string;
  readonly target: string;
  readonly fields: readonly string[];
  readonly hasContent: boolean;
  readonly hasExpect: boolean;
}

/** What one attempt tells the call it is made for. */
export interface AttemptEvents {
  onInterim(interim: InformationEvent): void;
  onAnswer(answer: IncomingMessage): void;
  /** There will be no answer. */
  onFailure(failure: Failure, mayRetry: boolean): void;
  /** The connection broke after the answer had begun. */
  onBroken(error: Error): void;
  /** The connection takes no more of the request. */
  onGone(): void;
  /** The client has content left to send and nothing holds it back but itself. */
  waitsForClient(): boolean;
}

function uncork(socket: Socket): void {
  socket.uncork();
}

/** One try at getting an answer from the upstream: connects or reuses a connection, and waits. */
export class Attempt {
  readonly request: ClientRequest;
  readonly #recorder: Recorder;
  readonly #upstream: Upstream;
  readonly #capture: Capture;
  readonly #now: () => number;
  readonly #events: AttemptEvents;
  readonly #hasContent: boolean;
  readonly #deadline: Deadline = new Deadline();
  #answered = false;
  #receivedBefore = 0;
  #handshaking = false;
  #released = false;

  /**
   * @param now - Milliseconds since the call started.
   * @throws when the request cannot be put on the wire at all.
   */
  constructor(
    recorder: Recorder,
    outgoing: OutgoingRequest,
    capture: Capture,
    now: () => number,
    events: AttemptEvents,
  ) {
    this.#recorder = recorder;
    this.#upstream = outgoing.upstream;
    this.#capture = capture;
    this.#now = now;
    this.#events = events;
    this.#hasContent = outgoing.hasContent;
    this.request = recorder.client.open(outgoing);
    if (outgoing.hasExpect) sendHeadAsLatin1(this.request);
    this.#listen();
  }

  /** A further piece of the request is on its way: the time for the answer starts anew. */
  extend(): void {
    this.#deadline.extend();
  }

  /** Gives the attempt up, or lets go of what is left of it. */
  destroy(): void {
    this.#deadline.stop();
    this.request.destroy();
  }

  /** Stops listening to it; its connection, if whole, goes back to those that are kept. */
  release(): void {
    this.#released = true;
    this.#deadline.stop();
  }

  #origin(): string {
    return this.#upstream.origin;
  }

  #listen(): void {
    const { request } = this;
    const events = this.#events;
    request.on('socket', (socket: Socket) => this.#onSocket(socket));
    request.on('finish', () => {
      this.#capture.marks.sent = this.#now();
      this.#deadline.extend();
    });
    request.on('information', (interim: InformationEvent) => events.onInterim(interim));
    request.on('response', (answer: IncomingMessage) => this.#onResponse(answer));
    request.on('upgrade', (_answer: IncomingMessage, socket: Socket) => {
      socket.destroy();
      const detail = 'it switched protocols without being asked';
      events.onFailure(protocolFailure(detail, this.#origin()), false);
    });
    request.on('error', (error: Error) => this.#onError(error));
    request.on('close', () => {
      if (!this.#released) events.onGone();
    });
  }

  #onResponse(answer: IncomingMessage): void {
    this.#answered = true;
    this.#deadline.stop();
    answer.on('error', (error: Error) => this.#events.onBroken(error));
    this.#events.onAnswer(answer);
  }

  #onError(error: Error): void {
    if (this.#answered) {
      this.#events.onBroken(error);
      return;
    }
    const repeatable = !this.#hasContent && mayRetry(this.request, error, this.#receivedBefore);
    const failure = upstreamFailure(error, this.#origin(), this.#handshaking);
    this.#events.onFailure(failure, repeatable);
  }

  #onSocket(socket: Socket): void {
    this.#capture.marks.assigned = this.#now();
    if (socket.connecting) {
      this.#watch(socket);
      return;
    }
    this.#receivedBefore = socket.bytesRead;
    this.#onOpen(socket);
    if (!this.#hasContent) return;
    // Lets the head and the first piece of content leave in one packet.
    socket.cork();
    process.nextTick(uncork, socket);
  }

  #watch(socket: Socket): void {
    const { secure } = this.#upstream;
    const { connectTimeoutMs } = this.#recorder.settings;
    this.#deadline.start(connectTimeoutMs, () => {
      this.#events.onFailure(connectTimeout(this.#origin(), connectTimeoutMs), false);
    });
    watchOpening(socket, secure, this.#capture.marks, this.#now, {
      onConnected: () => {
        this.#handshaking = secure;
      },
      onOpen: () => {
        this.#handshaking = false;
        this.#onOpen(socket);
      },
    });
  }

  #onOpen(socket: Socket): void {
    const { responseTimeoutMs } = this.#recorder.settings;
    this.#capture.draft.peerAddress = socket.remoteAddress ?? null;
    this.#deadline.start(responseTimeoutMs, () => {
      if (this.#events.waitsForClient()) this.#deadline.extend();
      else this.#events.onFailure(responseTimeout(this.#origin(), responseTimeoutMs), false);
    });
  }
}
