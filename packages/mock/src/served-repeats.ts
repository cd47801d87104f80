import { nextRepeat } from '@calltape/store';
import type { CallDraft, FlatHeaders, Repeats } from '@calltape/store';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { MetHeads } from './met-heads.ts';
import type { MetHead } from './met-heads.ts';
import type { Recording } from './recording.ts';

/** Content of requests that is kept of each recording, bytes. */
const MOST_KEPT = 4096;

/** A request that a recording answered. */
interface MetRequest {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly head: MetHead;
  readonly body: Uint8Array;
  number: number;
}

/** An answer that a recording gave. */
interface MetAnswer {
  readonly headers: FlatHeaders;
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly pieces: readonly Uint8Array[];
  number: number;
}

interface Met {
  request: MetRequest | null;
  answer: MetAnswer | null;
}

/** Plans are data that nobody changes: what is the same object has the same content. */
function areSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((piece, at) => piece === others[at]);
}

function isSameRequest(met: MetRequest, call: Call, head: MetHead): boolean {
  return (
    met.head === head &&
    met.target === call.target &&
    met.method === call.method &&
    met.httpVersion === call.httpVersion &&
    Buffer.compare(met.body, call.body) === 0
  );
}

/** Knows which requests and answers of recordings came before, so that they are stored but once. */
export class ServedRepeats {
  readonly #heads = new MetHeads();
  readonly #met = new WeakMap<Recording, Met>();

  /** @param draft - With all that the tape is to hold. Null where nothing can be said. */
  of(call: Call, { recording, faults }: Answer, draft: CallDraft): Repeats | null {
    if (recording === null || draft.response === null) return null;
    const met = this.#metOf(recording);
    const request = this.#request(met, call);
    const answer = this.#answer(met, draft.response, faults.length > 0);
    return request === 0 && answer === 0 ? null : { request, answer };
  }

  #metOf(recording: Recording): Met {
    const known = this.#met.get(recording);
    if (known !== undefined) return known;
    const met = { request: null, answer: null };
    this.#met.set(recording, met);
    return met;
  }

  #request(met: Met, call: Call): number {
    if (call.body.length > MOST_KEPT) return 0;
    const head = this.#heads.of(call.headers);
    // A head that never comes again makes a request that never does.
    if (!head.again) return 0;
    if (met.request !== null && isSameRequest(met.request, call, head)) {
      return (met.request.number ||= nextRepeat());
    }
    const { method, target, httpVersion } = call;
    // What was read of a socket is part of a larger piece of memory.
    const body = new Uint8Array(call.body);
    met.request = { method, target, httpVersion, head, body, number: 0 };
    return 0;
  }

  #answer(
    met: Met,
    { status, statusText, httpVersion, headers, body }: NonNullable<CallDraft['response']>,
    isFaulted: boolean,
  ): number {
    const { answer } = met;
    const isSame =
      answer !== null &&
      answer.headers === headers &&
      answer.status === status &&
      answer.statusText === statusText &&
      answer.httpVersion === httpVersion &&
      areSame(answer.pieces, body.pieces);
    if (isSame) return (answer.number ||= nextRepeat());
    // A fault makes a new answer each time, which must not take the place of the recorded one.
    if (!isFaulted) {
      met.answer = { headers, status, statusText, httpVersion, pieces: body.pieces, number: 0 };
    }
    return 0;
  }
}
