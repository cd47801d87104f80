import { ownAnswer } from './own-answer.ts';
import type { HeadStep, Plan, Step } from './step.ts';

/** The highest status that HTTP/2 in Node.js can carry. */
const MAX_STATUS = 599;

/** The stream ends with RST_STREAM, INTERNAL_ERROR; the others on its connection go on. */
const RESET: Step = { kind: 'reset' };

function unsendable({ status }: HeadStep): Plan {
  return ownAnswer(500, {
    code: 'RECORDING_UNSENDABLE',
    message: `The status ${status} cannot be sent over HTTP/2. Call the mock over HTTP/1.1 for this one.`,
  });
}

/** Whether a step is the same on a stream, or ends it. */
const ENDS_STREAM: Readonly<Record<Step['kind'], boolean>> = {
  wait: false,
  interim: false,
  head: false,
  chunk: false,
  end: false,
  hang: false,
  pass: false,
  reset: true,
  // One answer is not the connection. END_STREAM would make a cut answer look whole.
  close: true,
  // Frames keep bytes that are no HTTP from the client: what it can get is an error of the stream.
  raw: true,
};

/**
 * What a plan means on a stream of HTTP/2 (RFC 9113), where a connection has many answers on it:
 *
 * - `head`, `chunk`, `end`: HEADERS, DATA and END_STREAM. The fields of an HTTP/1.1 connection
 *   (`Connection`, `Transfer-Encoding`, ...) are left out, and so there is no framing but the stream's:
 *   content that the end of the connection delimited ends like any other.
 * - `reset`, `close`: RST_STREAM. What came before it arrives; other streams do not notice. So a
 *   truncated answer, which is one that a `close` ends too early, fails in the middle.
 * - `raw`: RST_STREAM in place of it.
 * - `hang`: the stream stays open and silent until the client leaves.
 */
export function onHttp2(plan: Plan): Plan {
  const steps: Step[] = [];
  for (const planned of plan) {
    if (planned.kind === 'head' && planned.status > MAX_STATUS) {
      return [...steps.filter(({ kind }) => kind === 'wait'), ...unsendable(planned)];
    }
    steps.push(ENDS_STREAM[planned.kind] ? RESET : planned);
    if (ENDS_STREAM[planned.kind]) break;
  }
  return steps;
}
