import { newDraft } from '@calltape/store';
import type { CallDraft, DraftBody, FlatHeaders, Outcome } from '@calltape/store';
import type { Call } from './call.ts';
import type { Ending, Watcher } from './perform.ts';
import type { Answer } from './answer.ts';
import type { ServedRepeats } from './served-repeats.ts';
import type { ServedSink } from './served-sink.ts';
import type { EndStep, HeadStep, Step } from './step.ts';

/** When a request came, for whoever keeps what was answered. */
export interface Arrival {
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** The same moment on the monotonic clock, milliseconds. */
  readonly mark: number;
}

interface CallError {
  readonly type: string;
  readonly message: string;
}

const ERRORS: Readonly<Record<Exclude<Ending, 'complete' | 'passed'>, CallError>> = {
  closed: { type: 'CLOSED_EARLY', message: 'The mock closed the connection, as planned.' },
  reset: { type: 'ECONNRESET', message: 'The mock reset the connection, as planned.' },
  left: { type: 'CLIENT_LEFT', message: 'The client left before the answer was whole.' },
  stopped: { type: 'MOCK_STOPPED', message: 'The mock was stopped before the answer was whole.' },
};

const OUTCOMES: Readonly<Record<Ending, Outcome>> = {
  complete: 'complete',
  passed: 'complete',
  left: 'aborted',
  closed: 'truncated',
  reset: 'truncated',
  stopped: 'truncated',
};

/** How a call ended, in the words of a tape. */
export function outcomeOf(ending: Ending, answered: boolean): Outcome {
  const outcome = OUTCOMES[ending];
  return outcome === 'truncated' && !answered ? 'error' : outcome;
}

/** The URL as the client meant it: that of the recorded origin where there is a recording. */
export function urlOf(call: Call, answer: Answer): string {
  const own =
    call.ownOrigin === null || call.ownOrigin === '' ? 'http://localhost' : call.ownOrigin;
  const origin = answer.recording?.origin ?? answer.origin ?? call.proxiedOrigin ?? own;
  return call.target.startsWith('/') ? origin + call.target : `${origin}/`;
}

function faultsText({ faults }: Answer): string | null {
  return faults.map(({ text }) => text).join('; ') || null;
}

function draftOf(call: Call, answer: Answer, arrival: Arrival): CallDraft {
  const draft = newDraft(call.method, urlOf(call, answer));
  draft.startedAt = arrival.startedAt;
  draft.httpVersion = call.httpVersion;
  draft.headers = call.headers;
  draft.body = { pieces: [call.body], size: call.body.length, hash: null };
  draft.fault = faultsText(answer);
  return draft;
}

/** Where answers go, and what is known of those that went there. */
export interface ServedTo {
  readonly writer: ServedSink;
  readonly repeats: ServedRepeats;
}

/** Writes an answer onto the served tape while it is given: a fold of its steps into a draft. */
export class ServedCall implements Watcher {
  readonly #writer: ServedSink;
  readonly #repeats: ServedRepeats;
  readonly #call: Call;
  readonly #answer: Answer;
  readonly #draft: CallDraft;
  readonly #mark: number;
  readonly #pieces: Uint8Array[] = [];
  readonly #chunks: number[] = [];
  readonly #interim: { status: number; statusText: string; headers: FlatHeaders; atMs: number }[] =
    [];
  #framing: HeadStep['framing'] = 'none';

  constructor({ writer, repeats }: ServedTo, call: Call, answer: Answer, arrival: Arrival) {
    this.#writer = writer;
    this.#repeats = repeats;
    this.#call = call;
    this.#answer = answer;
    this.#draft = draftOf(call, answer, arrival);
    this.#mark = arrival.mark;
    this.#draft.timings.send = this.#elapsedMs();
    if (answer.late === undefined) writer.begin(this.#draft);
  }

  done(step: Step): void {
    switch (step.kind) {
      case 'interim': {
        const { status, statusText, headers } = step;
        this.#interim.push({ status, statusText, headers, atMs: this.#elapsedMs() });
        return;
      }
      case 'head':
        this.#head(step);
        return;
      case 'chunk':
        this.#pieces.push(step.bytes);
        if (this.#framing === 'chunked') this.#chunks.push(this.#elapsedMs(), step.bytes.length);
        return;
      case 'end':
        this.#end(step);
        return;
      case 'wait':
      case 'raw':
      case 'close':
      case 'reset':
      case 'hang':
      case 'pass':
    }
  }

  ended(ending: Ending): void {
    const draft = this.#draft;
    if (this.#answer.late !== undefined && !this.#beginLate()) return;
    draft.durationMs = this.#elapsedMs();
    draft.outcome = outcomeOf(ending, draft.response !== null);
    if (ending !== 'complete' && ending !== 'passed') {
      draft.errorType = ERRORS[ending].type;
      draft.errorMessage = ERRORS[ending].message;
    }
    if (draft.response !== null) {
      draft.response.body = this.#content();
      draft.timings.receive = draft.durationMs - (draft.ttfbMs ?? 0);
    }
    if (ending === 'complete') draft.repeats = this.#repeats.of(this.#call, this.#answer, draft);
    this.#writer.finish(draft);
  }

  /** An answer of the real API is the mock's own if a rule has altered it; false if none has. */
  #beginLate(): boolean {
    if (this.#answer.faults.length === 0) return false;
    this.#draft.fault = faultsText(this.#answer);
    this.#writer.begin(this.#draft);
    return true;
  }

  #end({ trailers }: EndStep): void {
    if (this.#draft.response !== null) this.#draft.response.trailers = trailers;
  }

  #head({ status, statusText, headers, framing }: HeadStep): void {
    const draft = this.#draft;
    this.#framing = framing;
    draft.ttfbMs = this.#elapsedMs();
    draft.timings.wait = draft.ttfbMs - (draft.timings.send ?? 0);
    draft.response = {
      status,
      statusText,
      httpVersion: draft.httpVersion === '2' ? '2' : '1.1',
      headers,
      body: { pieces: [], size: 0, hash: null },
      trailers: [],
      interim: this.#interim,
      chunks: this.#chunks,
    };
  }

  #content(): DraftBody {
    const pieces = this.#draft.method === 'HEAD' ? [] : this.#pieces;
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return { pieces, size, hash: null };
  }

  #elapsedMs(): number {
    return performance.now() - this.#mark;
  }
}
