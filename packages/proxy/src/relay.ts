import type { Outcome } from '@calltape/store';
import { Attempt } from './attempt.ts';
import type { AttemptEvents, OutgoingRequest } from './attempt.ts';
import { bodyRewriteOf } from './body-rewrite.ts';
import type { BodySink } from './body-sink.ts';
import { Capture } from './capture.ts';
import { isSecure, versionOf } from './client-side.ts';
import type { ClientResponse, IncomingRequest } from './client-side.ts';
import { cutResponse } from './cut-response.ts';
import type { Destination } from './destination.ts';
import { Download } from './download.ts';
import { answerFailure } from './error-answer.ts';
import * as failures from './failure.ts';
import type { Failure } from './failure.ts';
import type { HeadScan } from './head-scan.ts';
import { requestFields, requestFraming } from './request-head.ts';
import { idleHintMs, responseHead } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';
import type { AnswerHead } from './response-parser.ts';
import type { Recorder } from './recorder.ts';
import { sendHead, sendInterim } from './send-head.ts';
import { towardsRecorder } from './towards-recorder.ts';
import { Upload } from './upload.ts';
import type { UploadEvents } from './upload.ts';
import { IDLE_CONNECTION_MS } from './upstream-connection.ts';

/** What has become of a call; the status is that of the upstream's answer, null without one. */
export interface RelayEnd {
  readonly status: number | null;
  readonly outcome: Outcome;
}

function ignore(): void {}

/**
 * One call on its way: from the client's request to the upstream and back, everything noted in a
 * draft that is handed to the writer exactly once, when both directions are over.
 */
export class Relay implements AttemptEvents, UploadEvents {
  readonly #recorder: Recorder;
  readonly #request: IncomingRequest;
  readonly #response: ClientResponse;
  readonly #outgoing: OutgoingRequest;
  readonly #destination: Destination;
  readonly #http10: boolean;
  readonly #capture: Capture;
  readonly #upload: Upload | null;
  readonly #startedAt: number = performance.now();
  #attempt: Attempt | null = null;
  #download: Download | null = null;
  /** The client waits for a 100 before it sends its content. */
  #expecting100: boolean;
  #upstreamGone = false;
  /** The last byte of the answer has come from the upstream. */
  #received = false;
  /** The last byte of the answer was handed to the client's connection. */
  #answered = false;
  /** The client can tell a cut answer from a whole one. */
  #framed = true;
  #retried = false;
  #over = false;
  #onEnd: ((end: RelayEnd) => void) | null = null;

  constructor(
    recorder: Recorder,
    destination: Destination,
    request: IncomingRequest,
    response: ClientResponse,
    head: HeadScan,
  ) {
    const { upstream, target, url, authority, keepHost } = destination;
    const framing = requestFraming(head);
    const hasContent = framing !== 'none';
    this.#recorder = recorder;
    this.#destination = destination;
    this.#request = request;
    this.#response = response;
    this.#http10 = request.httpVersion === '1.0';
    this.#upload = hasContent ? new Upload(request, recorder.writer, this) : null;
    this.#expecting100 = /100-continue/i.test(head.expect);
    this.#outgoing = {
      upstream,
      method: request.method ?? 'GET',
      target,
      fields: requestFields(head, authority, keepHost),
      hasContent,
      chunked: framing === 'chunked',
    };
    const start = {
      method: this.#outgoing.method,
      url,
      httpVersion: versionOf(request),
      headers: request.rawHeaders,
    };
    this.#capture = new Capture(start, recorder.settings.bodyLimit, recorder.held);
  }

  /**
   * Takes the call over.
   *
   * @param onEnd - Told once, when it is over.
   */
  begin(onEnd: ((end: RelayEnd) => void) | null = null): void {
    this.#onEnd = onEnd;
    const { writer } = this.#recorder;
    this.#recorder.inFlight += 1;
    this.#request.on('error', ignore);
    this.#response.on('error', ignore);
    this.#response.on('finish', () => this.#onFlushed());
    this.#response.on('close', () => this.#onClientGone());
    writer.begin(this.#capture.draft);
    if (writer.full) writer.onceDrained(() => this.#send());
    else this.#send();
  }

  #send(): void {
    if (this.#over) return;
    const attempt = new Attempt(this.#recorder, this.#outgoing, this.#capture, this);
    this.#attempt = attempt;
    try {
      this.#upload?.start(attempt, this.#recorder.settings.requestIdleTimeoutMs);
      attempt.start();
    } catch (error) {
      this.#fail(failures.sendFailure(error));
    }
  }

  now(): number {
    return performance.now() - this.#startedAt;
  }

  #origin(): string {
    return this.#outgoing.upstream.origin;
  }

  onPiece(piece: Buffer): boolean {
    return this.#capture.requestPiece(piece);
  }

  onTrailers(raw: readonly string[]): void {
    this.#capture.requestTrailers(raw);
  }

  onOver(whole: boolean): void {
    if (!whole && this.#answered) this.#attempt?.destroy();
    this.#settle();
  }

  onIdle(): void {
    if (this.#answered) {
      this.#end('complete', null, () => this.#request.destroy());
      return;
    }
    this.#response.shouldKeepAlive = false;
    this.#fail(failures.requestStalled(this.#recorder.settings.requestIdleTimeoutMs), 'aborted');
  }

  waitsForClient(): boolean {
    return this.#upload?.waitsForClient ?? false;
  }

  onDrain(): void {
    this.#upload?.resume();
  }

  onInterim(head: AnswerHead): void {
    const { status, statusText, headers } = head;
    this.#capture.interim(status, statusText, headers, this.now());
    // RFC 9110 section 15.2: an HTTP/1.0 client does not know them.
    if (this.#http10) return;
    if (status === 100) this.#expecting100 = false;
    try {
      sendInterim(this.#response, head);
    } catch (error) {
      this.#fail(failures.internalFailure(error));
    }
  }

  onAnswer(answer: AnswerHead): void {
    try {
      this.#relayHead(answer);
    } catch (error) {
      this.#fail(failures.protocolFailure(String(error), this.#origin()));
    }
  }

  #relayHead(answer: AnswerHead): void {
    const { status, scan } = answer;
    const toHead = this.#outgoing.method === 'HEAD';
    const head = responseHead(scan, { status, toHead, chunkedAllowed: !this.#http10 });
    this.#framed = head.framed;
    this.#beforeFinalHead();
    const change = this.#changeOf(answer, head);
    sendHead(this.#response, answer, this.#movedFields(scan, head.fields), this.#http10);
    this.#capture.responseHead(answer, head.streams, this.now());
    this.#beginDownload(scan, change);
  }

  #beginDownload(scan: HeadScan, change: BodySink | null): void {
    const attempt = this.#attempt;
    if (attempt === null) return;
    const idleMs = idleHintMs(scan);
    if (idleMs !== null) attempt.keepFor(Math.min(idleMs, IDLE_CONNECTION_MS));
    const isPlain = !isSecure(this.#request);
    const { writer } = this.#recorder;
    this.#download = new Download(this.#response, change, attempt, writer, isPlain);
  }

  /** What the content goes through on its way to the client; the head has to fit it. */
  #changeOf({ status, headers }: AnswerHead, head: ResponseHead): BodySink | null {
    const { fields, hasBody, codings } = head;
    const rewrite = bodyRewriteOf(this.#destination.shift, { status, headers, codings });
    if (rewrite === null) return null;
    rewrite.adjust(fields);
    if (!hasBody) return null;
    this.#framed = !this.#http10;
    const sink = rewrite.open(this.#response);
    sink.on('error', (error) => this.#onUnreadable(error));
    return sink;
  }

  /** The content cannot be decoded any further, and the client has a part of it. */
  #onUnreadable(error: Error): void {
    if (this.#over) return;
    this.#end('truncated', failures.rewriteFailure(error, this.#origin()));
    cutResponse(this.#response, this.#framed);
  }

  /** What the upstream says of its own place is true for the client only when it is moved. */
  #movedFields(scan: HeadScan, fields: string[]): string[] {
    const { seenAs, upstream } = this.#destination;
    if (!scan.addressed || seenAs === null) return fields;
    return towardsRecorder(fields, upstream, seenAs);
  }

  onContent(piece: Buffer): void {
    const capture = this.#capture;
    const isFree = capture.responsePiece(piece, capture.streams ? this.now() : 0);
    this.#download?.add(piece, isFree);
  }

  onCaughtUp(read: Buffer): void {
    this.#download?.flush(read);
  }

  /** A client that still waits for a 100 may or may not send its content: nothing can follow. */
  #beforeFinalHead(): void {
    if (this.#expecting100) this.#response.shouldKeepAlive = false;
  }

  onReceived(trailers: string[]): void {
    this.#received = true;
    this.#capture.responseEnd(trailers, this.now());
    const end = (): void => this.#download?.end(trailers);
    if (this.#recorder.writer.durable) this.#keepThen(end);
    else end();
  }

  /** The client of a durable recorder sees the end of its answer when the call is on the disk. */
  #keepThen(end: () => void): void {
    // An upload that goes on may wait for the end of its answer: what there is of the call is kept.
    if (this.#upload?.pending !== true || this.#upstreamGone) this.#handOver('complete', null, end);
    else this.#recorder.writer.keep(this.#capture.draft, (kept) => this.#endIf(kept, end));
  }

  #endIf(kept: boolean, end: () => void): void {
    const { settings, writer } = this.#recorder;
    if (kept || !settings.strict || !writer.durable) end();
    else this.#response.destroy();
  }

  onFailure(failure: Failure, mayRetry: boolean): void {
    if (this.#over) return;
    if (!mayRetry || this.#retried) {
      this.#fail(failure);
      return;
    }
    this.#retried = true;
    this.#capture.draft.retries += 1;
    this.#recorder.client.discardIdle(this.#outgoing.upstream);
    this.#send();
  }

  onBroken(error: Error | null): void {
    if (this.#over) return;
    this.#download?.flush(null);
    const failure = failures.cutFailure(error, this.#origin());
    this.#end('truncated', failure, () => cutResponse(this.#response, this.#framed));
  }

  onGone(): void {
    this.#upstreamGone = true;
    this.#settle();
  }

  /** The client's connection has taken the whole answer. */
  #onFlushed(): void {
    if (this.#over) return;
    if (this.#received) {
      this.#answered = true;
      this.#settle();
    } else {
      // The listener has answered in our place: the content turned out not to be HTTP.
      this.#end('aborted', failures.requestMalformed());
    }
  }

  #onClientGone(): void {
    if (this.#over || this.#answered) return;
    if (this.#recorder.stopping) this.#end('interrupted', failures.recorderStopped());
    else this.#end('aborted', failures.clientLeft());
  }

  /** A call without a response head: the client gets an answer of ours. */
  #fail(failure: Failure, outcome: Outcome = 'error'): void {
    if (this.#over) return;
    this.#end(outcome, failure, () => this.#tell(failure));
  }

  #tell(failure: Failure): void {
    this.#beforeFinalHead();
    try {
      if (this.#response.headersSent) cutResponse(this.#response, this.#framed);
      else answerFailure(this.#response, failure);
    } catch {
      this.#response.destroy();
    }
  }

  /** Complete once the answer is out and no more of the request can be passed on. */
  #settle(): void {
    if (this.#over || !this.#answered) return;
    if (this.#upload?.pending === true && !this.#upstreamGone) return;
    this.#end('complete', null);
  }

  #end(outcome: Outcome, failure: Failure | null, then: () => void = ignore): void {
    this.#attempt?.destroy();
    this.#handOver(outcome, failure, then);
  }

  /** @param then - What lets the client see the end; a durable recorder waits with it. */
  #handOver(outcome: Outcome, failure: Failure | null, then: () => void): void {
    this.#over = true;
    this.#recorder.inFlight -= 1;
    this.#upload?.discard();
    this.#capture.end(outcome, failure?.code ?? null, failure?.message ?? null, this.now());
    this.#onEnd?.({ status: this.#capture.draft.response?.status ?? null, outcome });
    this.#recorder.writer.finish(this.#capture.draft, (kept) => this.#endIf(kept, then));
    // Over HTTP/2 a stream may be closed while its last bytes still wait in the session.
    if (this.#answered && this.#request.httpVersion !== '2') this.#capture.freeContent();
  }
}
