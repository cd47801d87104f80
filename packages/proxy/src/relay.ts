import type { IncomingMessage, InformationEvent, ServerResponse } from 'node:http';
import type { HttpVersion, Outcome } from '@calltape/store';
import { Attempt } from './attempt.ts';
import type { AttemptEvents, OutgoingRequest } from './attempt.ts';
import { Capture } from './capture.ts';
import { cutResponse } from './cut-response.ts';
import type { Destination } from './destination.ts';
import { answerFailure } from './error-answer.ts';
import * as failures from './failure.ts';
import type { Failure } from './failure.ts';
import { HeadScan } from './head-scan.ts';
import { pump } from './pump.ts';
import { requestFields, requestFraming } from './request-head.ts';
import { hasUnknownCoding, responseHead } from './response-head.ts';
import type { Recorder } from './recorder.ts';
import { flushHead, keepIdle, sendHead, sendInterim } from './send-head.ts';
import { towardsRecorder } from './towards-recorder.ts';
import { addTrailers } from './trailers.ts';
import { Upload } from './upload.ts';
import type { UploadEvents } from './upload.ts';

function ignore(): void {}

function versionOf(message: IncomingMessage): HttpVersion {
  return message.httpVersionMinor === 0 ? '1.0' : '1.1';
}

/**
 * One call on its way: from the client's request to the upstream and back, everything noted in a
 * draft that is handed to the writer exactly once, when both directions are over.
 */
export class Relay implements AttemptEvents, UploadEvents {
  readonly #recorder: Recorder;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #outgoing: OutgoingRequest;
  readonly #seenAs: string | null;
  readonly #http10: boolean;
  readonly #capture: Capture;
  readonly #upload: Upload | null;
  readonly #startedAt: number = performance.now();
  readonly #now = (): number => performance.now() - this.#startedAt;
  #attempt: Attempt | null = null;
  #answer: IncomingMessage | null = null;
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

  constructor(
    recorder: Recorder,
    destination: Destination,
    request: IncomingMessage,
    response: ServerResponse,
    head: HeadScan,
  ) {
    const { upstream, target, url, authority, keepHost, seenAs } = destination;
    const hasContent = requestFraming(head) !== 'none';
    this.#recorder = recorder;
    this.#seenAs = seenAs;
    this.#request = request;
    this.#response = response;
    this.#http10 = request.httpVersionMinor === 0;
    this.#upload = hasContent ? new Upload(request, this) : null;
    this.#expecting100 = /100-continue/i.test(head.expect);
    this.#outgoing = {
      upstream,
      method: request.method ?? 'GET',
      target,
      fields: requestFields(head, authority, keepHost),
      hasContent,
      hasExpect: head.expect !== '',
    };
    const start = {
      method: this.#outgoing.method,
      url,
      httpVersion: versionOf(request),
      headers: request.rawHeaders,
    };
    this.#capture = new Capture(start, recorder.settings.bodyLimit);
  }

  /** Takes the call over. */
  begin(): void {
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
    try {
      const attempt = new Attempt(this.#recorder, this.#outgoing, this.#capture, this.#now, this);
      this.#attempt = attempt;
      const { writer, settings } = this.#recorder;
      if (this.#upload === null) attempt.request.end();
      else this.#upload.start(attempt.request, writer, settings.requestIdleTimeoutMs);
    } catch (error) {
      this.#fail(failures.sendFailure(error));
    }
  }

  #origin(): string {
    return this.#outgoing.upstream.origin;
  }

  onPiece(piece: Buffer): void {
    this.#capture.requestPiece(piece);
    this.#attempt?.extend();
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
      this.#end('complete', null);
      this.#request.destroy();
      return;
    }
    this.#response.shouldKeepAlive = false;
    this.#fail(failures.requestStalled(this.#recorder.settings.requestIdleTimeoutMs), 'aborted');
  }

  waitsForClient(): boolean {
    return this.#upload?.waitsForClient ?? false;
  }

  onInterim(interim: InformationEvent): void {
    if (this.#over || this.#answer !== null) return;
    const { statusCode, statusMessage, rawHeaders } = interim;
    this.#capture.interim(statusCode, statusMessage, rawHeaders, this.#now());
    // RFC 9110 section 15.2: an HTTP/1.0 client does not know them.
    if (this.#http10) return;
    if (statusCode === 100) this.#expecting100 = false;
    try {
      sendInterim(this.#response, interim);
    } catch (error) {
      this.#fail(failures.internalFailure(error));
    }
  }

  onAnswer(answer: IncomingMessage): void {
    if (this.#over) {
      answer.resume();
      return;
    }
    this.#answer = answer;
    answer.on('end', () => this.#onReceived(answer));
    try {
      this.#relayHead(answer);
    } catch (error) {
      this.#fail(failures.protocolFailure(String(error), this.#origin()));
    }
  }

  #relayHead(answer: IncomingMessage): void {
    const scan = new HeadScan(answer.rawHeaders);
    const { codings } = scan;
    if (hasUnknownCoding(scan)) {
      const detail = `its transfer coding "${codings}" is not known`;
      this.#fail(failures.protocolFailure(detail, this.#origin()));
      return;
    }
    if (this.#attempt !== null) keepIdle(this.#attempt.request, answer, scan);
    const toHead = this.#outgoing.method === 'HEAD';
    const status = answer.statusCode ?? 0;
    const head = responseHead(scan, { status, toHead, chunkedAllowed: !this.#http10 });
    this.#framed = head.framed;
    this.#beforeFinalHead();
    const fields = this.#movedFields(scan, head.fields);
    sendHead(this.#response, answer, fields, this.#http10);
    this.#noteHead(answer, head.streams);
    this.#download(answer);
    if (head.hasBody) flushHead(this.#response);
  }

  /** What the upstream says of its own place is true for the client only when it is moved. */
  #movedFields(scan: HeadScan, fields: string[]): string[] {
    if (!scan.addressed || this.#seenAs === null) return fields;
    return towardsRecorder(fields, this.#outgoing.upstream, this.#seenAs);
  }

  #noteHead(answer: IncomingMessage, streams: boolean): void {
    const start = {
      status: answer.statusCode ?? 0,
      statusText: answer.statusMessage ?? '',
      httpVersion: versionOf(answer),
      headers: answer.rawHeaders,
      streams,
    };
    this.#capture.responseHead(start, this.#now());
  }

  #download(answer: IncomingMessage): void {
    const capture = this.#capture;
    pump(answer, this.#response, this.#recorder.writer, (piece) => {
      capture.responsePiece(piece, capture.streams ? this.#now() : 0);
    });
  }

  /** A client that still waits for a 100 may or may not send its content: nothing can follow. */
  #beforeFinalHead(): void {
    if (this.#expecting100) this.#response.shouldKeepAlive = false;
  }

  #onReceived(answer: IncomingMessage): void {
    if (this.#over) return;
    const { rawTrailers } = answer;
    const response = this.#response;
    this.#received = true;
    this.#capture.responseEnd(rawTrailers, this.#now());
    if (rawTrailers.length > 0 && response.chunkedEncoding) addTrailers(response, rawTrailers);
    response.end();
  }

  onFailure(failure: Failure, mayRetry: boolean): void {
    if (this.#over) return;
    if (!mayRetry || this.#retried) {
      this.#fail(failure);
      return;
    }
    this.#retried = true;
    this.#attempt?.release();
    this.#recorder.client.discardIdle(this.#outgoing.upstream);
    this.#send();
  }

  onBroken(error: Error): void {
    if (this.#over || this.#answer?.complete !== false) return;
    this.#end('truncated', failures.cutFailure(error, this.#origin()));
    cutResponse(this.#response, this.#framed);
  }

  onGone(): void {
    this.#upstreamGone = true;
    if (this.#over) return;
    const closed = new Error('the connection was closed');
    if (this.#answer === null) this.#fail(failures.upstreamFailure(closed, this.#origin(), false));
    else if (this.#answer.complete) this.#settle();
    else this.onBroken(closed);
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
    this.#end(outcome, failure);
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

  #end(outcome: Outcome, failure: Failure | null): void {
    this.#over = true;
    this.#recorder.inFlight -= 1;
    if (outcome === 'complete' && this.#upload?.pending !== true) this.#attempt?.release();
    else this.#attempt?.destroy();
    this.#upload?.discard();
    this.#capture.end(outcome, failure?.code ?? null, failure?.message ?? null, this.#now());
    this.#recorder.writer.finish(this.#capture.draft);
  }
}
