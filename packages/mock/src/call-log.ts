import { hostOf } from './call.ts';
import type { Call } from './call.ts';
import { MockError } from './errors.ts';
import { parseCallPattern } from './call-pattern.ts';
import type { Answer } from './answer.ts';
import { seenCall } from './seen-call.ts';
import type { SeenCall } from './seen-call.ts';
import { splitTarget } from './target.ts';

/** Content that is kept of all calls together, bytes; a call more may come on top. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

interface Entry {
  readonly call: Call;
  readonly answer: Answer;
}

/** A client that talks to the mock itself means the recorded host. */
function hostMeant(call: Call, { recording }: Answer): string {
  return call.proxiedOrigin === null && recording !== null ? recording.host : hostOf(call);
}

/** The newest calls of a mock, with what it answered. */
export class CallLog {
  readonly #limit: number;
  readonly #entries: Entry[] = [];
  #bytes = 0;
  #seen = 0;

  /** @param limit - How many calls are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(call: Call, answer: Answer): void {
    this.#seen += 1;
    if (this.#limit === 0) return;
    if (this.#entries.length >= this.#limit || this.#bytes > MAX_KEPT_BYTES) {
      this.#bytes -= this.#entries.shift()?.call.body.length ?? 0;
    }
    this.#bytes += call.body.length;
    this.#entries.push({ call, answer });
  }

  /**
   * The calls in the order in which they came.
   *
   * @param pattern - Only these, as in `POST /v1/charges`.
   * @throws MockError CALLS_FORGOTTEN when there were more than are kept, or CALLS_INVALID.
   */
  calls(pattern?: string): SeenCall[] {
    const means = pattern === undefined ? () => true : parseCallPattern(pattern);
    if (this.#seen > this.#entries.length) {
      throw new MockError(
        'CALLS_FORGOTTEN',
        `Failed to list the calls: there were ${this.#seen}, and only the newest ${this.#entries.length} were kept. Give a larger keepCalls, or ask earlier.`,
      );
    }
    return this.#entries
      .filter(({ call, answer }) =>
        means(call.method, hostMeant(call, answer), splitTarget(call.target).path),
      )
      .map(({ call, answer }) => seenCall(call, answer));
  }
}
