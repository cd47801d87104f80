import type { Endpoint } from '@calltape/store';
import { BodyPrint } from './body-print.ts';
import { hashText, mix } from './hash-text.ts';
import type { LearnedCall } from './learned-call.ts';
import { MessageLessons } from './message-lessons.ts';
import { parseBody } from './parse-body.ts';
import { Sightings } from './sightings.ts';

const MOST_STATUSES = 64;

/** What is known of one endpoint. */
export class EndpointLessons {
  readonly endpoint: Endpoint;
  /** Calls that were learned from: those with a whole answer. */
  readonly calls: Sightings = new Sightings();
  /** Calls without a whole answer, and of statuses beyond all limits. */
  leftOut = 0;
  /** Requests that were answered by less than 400: others may have been wrong. */
  readonly requests: MessageLessons = new MessageLessons();
  readonly responses: Map<number, MessageLessons> = new Map();

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  learn(call: LearnedCall): void {
    const { status } = call;
    const answers = status === null ? undefined : this.#answers(status);
    if (status === null || answers === undefined || !isLearnable(call, status)) {
      this.leftOut += 1;
      return;
    }
    const example = { id: call.id, at: call.at };
    this.calls.note({ id: call.id, at: call.at, serial: this.calls.count + 1 });
    const asked = call.url === undefined ? 0 : hashText(pathOf(call.url));
    if (status < 400) this.requests.learn(requestOf(call), asked, example);
    answers.learn(responseOf(call), mix(asked, contentHash(call)), example);
  }

  merge(other: EndpointLessons): void {
    this.calls.merge(other.calls);
    this.leftOut += other.leftOut;
    this.requests.merge(other.requests);
    for (const [status, lessons] of other.responses) this.answersOf(status).merge(lessons);
  }

  answersOf(status: number): MessageLessons {
    const known = this.responses.get(status);
    if (known !== undefined) return known;
    const lessons = new MessageLessons();
    this.responses.set(status, lessons);
    return lessons;
  }

  #answers(status: number): MessageLessons | undefined {
    const isKnown = this.responses.has(status) || this.responses.size < MOST_STATUSES;
    return isKnown ? this.answersOf(status) : undefined;
  }
}

/** 304 says that nothing has changed, 1xx is no answer yet. */
function isLearnable({ outcome }: LearnedCall, status: number): boolean {
  return outcome === 'complete' && status >= 200 && status !== 304;
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function requestOf(call: LearnedCall): Parameters<MessageLessons['learn']>[0] {
  return {
    contentType: call.requestContentType,
    headers: call.requestHeaders,
    body: call.requestBody,
  };
}

function responseOf(call: LearnedCall): Parameters<MessageLessons['learn']>[0] {
  return {
    contentType: call.responseContentType,
    headers: call.responseHeaders,
    // An answer to HEAD has no content, whatever its fields say (RFC 9110 section 9.3.2).
    body: call.method === 'HEAD' ? '' : call.responseBody,
  };
}

/** Of a request's content: another question may have the same answer. */
function contentHash({ requestBody, requestContentType }: LearnedCall): number {
  if (requestBody === null || requestBody.length === 0) return 0;
  const type = (requestContentType ?? '').split(';', 1)[0] ?? '';
  const parsed = parseBody(requestBody, type.trim().toLowerCase());
  if (parsed === undefined || !('value' in parsed)) return mix(1, requestBody.length);
  return new BodyPrint(parsed.value).hash;
}
