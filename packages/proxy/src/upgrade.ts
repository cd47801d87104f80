import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Outcome } from '@calltape/store';
import { answerText } from './answer-text.ts';
import { Capture } from './capture.ts';
import { Deadline } from './deadline.ts';
import type { Destination } from './destination.ts';
import type { CancelDial, Dialer } from './dial.ts';
import { EarlyBytes } from './early-bytes.ts';
import { rawFailure } from './error-answer.ts';
import * as failures from './failure.ts';
import type { Failure } from './failure.ts';
import type { HeadScan } from './head-scan.ts';
import { lastWords } from './last-words.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import type { Recorder } from './recorder.ts';
import { RefusedUpgrade } from './refused-upgrade.ts';
import { requestText } from './request-text.ts';
import { interimFields } from './response-head.ts';
import { ResponseParser } from './response-parser.ts';
import type { AnswerHead, AnswerSink } from './response-parser.ts';
import { towardsRecorder } from './towards-recorder.ts';
import { handshakeFields, handshakeRequest, switchesToWebSocket } from './upgrade-head.ts';
import { WebSocketCall } from './web-socket-call.ts';

function ignore(): void {}

/**
 * The opening handshake of a WebSocket on its way to the upstream and back, on a connection of its
 * own. What comes of it: the two connections are joined, or a refusal or an error is passed on.
 */
export class Upgrade implements AnswerSink {
  readonly #recorder: Recorder;
  readonly #destination: Destination;
  readonly #client: Socket;
  readonly #fields: readonly string[];
  readonly #capture: Capture;
  readonly #early: EarlyBytes;
  readonly #parser: ResponseParser = new ResponseParser(this);
  readonly #deadline: Deadline = new Deadline();
  readonly #startedAt: number = performance.now();
  readonly #now = (): number => performance.now() - this.#startedAt;
  readonly #onClientClosed = (): void => this.#clientGone();
  #upstream: Socket | null = null;
  #cancelDial: CancelDial | null = null;
  #handshaking = false;
  #refused: RefusedUpgrade | null = null;
  #switched: AnswerHead | null = null;
  #over = false;

  /** @param head - What was read behind the handshake. */
  constructor(
    recorder: Recorder,
    destination: Destination,
    request: IncomingMessage,
    head: Buffer,
    scan: HeadScan,
  ) {
    const { url, authority, keepHost } = destination;
    this.#recorder = recorder;
    this.#destination = destination;
    this.#client = request.socket;
    this.#fields = handshakeRequest(request.rawHeaders, scan, authority, keepHost);
    const start = { method: 'GET', url, httpVersion: '1.1', headers: request.rawHeaders } as const;
    this.#capture = new Capture(start, recorder.settings.bodyLimit);
    this.#early = new EarlyBytes(request.socket, head);
  }

  /** Takes the call over. */
  begin(dialer: Dialer): void {
    const { writer } = this.#recorder;
    this.#recorder.inFlight += 1;
    writer.begin(this.#capture.draft);
    this.#client.setTimeout(0);
    this.#client.on('error', ignore);
    this.#client.once('close', this.#onClientClosed);
    writer.onceDrained(() => this.#dial(dialer));
  }

  #origin(): string {
    return this.#destination.upstream.origin;
  }

  #dial(dialer: Dialer): void {
    if (this.#over) return;
    const { upstream } = this.#destination;
    const { connectTimeoutMs } = this.#recorder.settings;
    const { marks } = this.#capture;
    marks.assigned = this.#now();
    this.#deadline.start(connectTimeoutMs, () => {
      this.#fail(failures.connectTimeout(this.#origin(), connectTimeoutMs));
    });
    const onLooked = (): void => {
      marks.looked = this.#now();
    };
    const onConnected = (): void => {
      marks.connected = this.#now();
      this.#handshaking = upstream.secure;
    };
    const onSecured = (): void => {
      marks.secured = this.#now();
      this.#handshaking = false;
    };
    try {
      const events = { onLooked, onConnected, onSecured };
      this.#cancelDial = dialer.dial(upstream, events, (error, socket) => {
        this.#cancelDial = null;
        if (socket !== null) this.#send(socket);
        else this.#failBecause(error ?? new Error('the connection was closed'));
      });
    } catch (error) {
      this.#fail(failures.sendFailure(error));
    }
  }

  #send(socket: Socket): void {
    const { responseTimeoutMs } = this.#recorder.settings;
    this.#upstream = socket;
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    this.#capture.draft.peerAddress = socket.remoteAddress ?? null;
    socket.on('error', this.#onUpstreamError);
    socket.once('close', this.#onUpstreamEnd);
    socket.once('end', this.#onUpstreamEnd);
    socket.on('data', this.#onUpstreamData);
    this.#deadline.start(responseTimeoutMs, () => {
      this.#fail(failures.responseTimeout(this.#origin(), responseTimeoutMs));
    });
    try {
      const { target } = this.#destination;
      const text = requestText({ method: 'GET', target, fields: this.#fields });
      this.#parser.begin(false, true);
      socket.write(text, 'latin1');
      this.#capture.marks.sent = this.#now();
    } catch (error) {
      this.#fail(failures.sendFailure(error));
    }
  }

  readonly #onUpstreamError = (error: Error): void => this.#failBecause(error);

  readonly #onUpstreamEnd = (): void => {
    if (this.#over || this.#switched !== null) return;
    if (this.#refused !== null && this.#parser.end()) return;
    this.#failBecause(new Error('the connection was closed'));
  };

  readonly #onUpstreamData = (bytes: Buffer): void => {
    let read = 0;
    try {
      read = this.#parser.read(bytes);
    } catch (error) {
      this.#failBecause(error instanceof Error ? error : new MalformedAnswer(String(error)));
      return;
    }
    if (this.#switched !== null) this.#join(this.#switched, bytes.subarray(read));
  };

  onInterim({ status, statusText, headers, scan }: AnswerHead): void {
    if (this.#over) return;
    this.#capture.interim(status, statusText, headers, this.#now());
    this.#client.write(answerText(status, statusText, interimFields(scan)), 'latin1');
  }

  onHead(head: AnswerHead): void {
    if (this.#over) return;
    this.#deadline.stop();
    if (head.status === 101 && !switchesToWebSocket(head.headers)) {
      throw new MalformedAnswer('it switches to a protocol that it was not asked for');
    }
    if (head.status === 101) this.#switched = head;
    else this.#refuse(head);
  }

  onContent(piece: Buffer): void {
    if (!this.#over) this.#refused?.onContent(piece);
  }

  onEnd(trailers: string[]): void {
    if (this.#over || this.#refused === null) return;
    this.#refused.onEnd(trailers, () => {
      if (!this.#over) this.#end('complete', null);
      this.#upstream?.destroySoon();
    });
  }

  /** What the upstream says of its own place is true for the client only when it is moved. */
  #moved(fields: string[]): string[] {
    const { seenAs, upstream } = this.#destination;
    return seenAs === null ? fields : towardsRecorder(fields, upstream, seenAs);
  }

  #refuse(head: AnswerHead): void {
    const { writer } = this.#recorder;
    const upstream = this.#upstream;
    const flow = {
      pause: () => void upstream?.pause(),
      resume: () => void upstream?.resume(),
    };
    this.#refused = new RefusedUpgrade(this.#client, this.#capture, this.#now, writer, flow);
    this.#refused.begin(head, (fields) => this.#moved(fields));
  }

  #join(head: AnswerHead, behind: Buffer): void {
    const upstream = this.#upstream;
    if (this.#over || upstream === null) return;
    this.#over = true;
    this.#client.off('close', this.#onClientClosed);
    upstream.off('error', this.#onUpstreamError).off('data', this.#onUpstreamData);
    upstream.off('end', this.#onUpstreamEnd).off('close', this.#onUpstreamEnd);
    upstream.pause();
    const { status, statusText, headers, scan } = head;
    this.#capture.responseHead(head, false, this.#now());
    const fields = this.#moved(handshakeFields(headers, scan));
    this.#client.write(answerText(status, statusText, fields), 'latin1');
    const sides = { client: this.#client, upstream };
    const call = new WebSocketCall(this.#recorder, this.#capture, this.#now, sides, this.#origin());
    call.begin(this.#early.take(), behind);
  }

  #failBecause(error: Error): void {
    const origin = this.#origin();
    if (this.#refused !== null) this.#cut(failures.cutFailure(error, origin));
    else this.#fail(failures.upstreamFailure(error, origin, this.#handshaking));
  }

  /** There is no answer: the client gets one of ours. */
  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#end('error', failure);
    lastWords(this.#client, rawFailure(failure));
    this.#upstream?.destroy();
  }

  /** A part of the refusal has reached the client: a shortened one must not look like a whole one. */
  #cut(failure: Failure): void {
    if (this.#over) return;
    this.#end('truncated', failure);
    this.#refused?.cut();
    this.#upstream?.destroy();
  }

  #clientGone(): void {
    if (this.#over) return;
    if (this.#recorder.closing) this.#end('interrupted', failures.recorderStopped());
    else this.#end('aborted', failures.clientLeft());
    this.#upstream?.destroy();
  }

  #end(outcome: Outcome, failure: Failure | null): void {
    this.#over = true;
    this.#deadline.stop();
    this.#cancelDial?.();
    this.#upstream?.on('error', ignore);
    this.#recorder.inFlight -= 1;
    this.#capture.end(outcome, failure?.code ?? null, failure?.message ?? null, this.#now());
    this.#recorder.writer.finish(this.#capture.draft);
  }
}
