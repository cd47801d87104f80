import { MockError } from './errors.ts';
import type { FaultsInForce } from './faults-in-force.ts';
import type { MockSummary, UnusedPattern, UnusedRecording } from './mock-summary.ts';
import type { OpenMock } from './open-mock.ts';
import type { SeenCall } from './seen-call.ts';

/** Lines of a list in an error; the rest is counted. */
const MAX_LINES = 20;

function listed(lines: readonly string[]): string {
  const rest = lines.length - MAX_LINES;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  return [...lines.slice(0, MAX_LINES), ...more].map((line) => `\n  ${line}`).join('');
}

/** What a test asks of a mock, whatever door its calls come through. */
export class WatchedMock {
  readonly #mock: OpenMock;

  constructor(mock: OpenMock) {
    this.#mock = mock;
  }

  get seed(): number {
    return this.#mock.seed;
  }

  /** How many recordings it can play. */
  get recordings(): number {
    return this.#mock.recordings;
  }

  /** How many mappings of WireMock and operations of OpenAPI it can answer. */
  get patterns(): number {
    return this.#mock.patterns;
  }

  /** What of its files it leaves out, a sentence each. */
  get warnings(): readonly string[] {
    return this.#mock.warnings;
  }

  /** The fault rules, which may be changed while it runs. */
  get faults(): FaultsInForce {
    return this.#mock.faults;
  }

  summary(): MockSummary {
    return this.#mock.summary();
  }

  /**
   * Every call that came, in order.
   *
   * @throws MockError CALLS_FORGOTTEN when there were more than `keepCalls`.
   */
  calls(): SeenCall[] {
    return this.#mock.calls();
  }

  /**
   * The calls of one kind, in order, for an assertion on their number and content.
   *
   * @param pattern - Method and path as in fault rules: `POST /v1/charges`, `* api.stripe.com/**`.
   * @throws MockError CALLS_INVALID, or CALLS_FORGOTTEN as above.
   */
  called(pattern: string): SeenCall[] {
    return this.#mock.calls(pattern);
  }

  /** The recordings that no client got. */
  unused(): readonly UnusedRecording[] {
    return this.#mock.summary().unused;
  }

  /** The mappings of WireMock and operations of OpenAPI that no client got an answer of. */
  unusedPatterns(): readonly UnusedPattern[] {
    return this.#mock.summary().unusedPatterns;
  }

  /** @throws MockError RECORDINGS_UNUSED when there is a recording or pattern that no client got. */
  expectAllUsed(): void {
    const { unused, unusedPatterns } = this.summary();
    const lines = [
      ...unused.map(({ id, method, url }) => `${id} ${method} ${url}`),
      ...unusedPatterns.map(
        ({ source, name, method, url }) => `${source} "${name}" ${method} ${url}`,
      ),
    ];
    if (lines.length === 0) return;
    const recordings = `${unused.length} of ${this.recordings} recordings`;
    const patterns = `${unusedPatterns.length} of ${this.patterns} described calls`;
    const what = [
      ...(unused.length === 0 ? [] : [recordings]),
      ...(unusedPatterns.length === 0 ? [] : [patterns]),
    ];
    throw new MockError(
      'RECORDINGS_UNUSED',
      `${what.join(' and ')} were not asked for:${listed(lines)}`,
    );
  }

  /** @throws MockError CALLS_MISSED when a call found no recording. */
  expectNoMiss(): void {
    const { missed, misses } = this.summary();
    if (missed === 0) return;
    const lines = misses.map(({ message, count }) =>
      count > 1 ? `${message} (${count} times)` : message,
    );
    const many = missed === 1 ? '1 call was' : `${missed} calls were`;
    throw new MockError('CALLS_MISSED', `${many} not on the tape:${listed(lines)}`);
  }
}
