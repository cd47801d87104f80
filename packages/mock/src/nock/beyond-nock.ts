import type { FaultRule } from '../fault-rule.ts';
import { MockError } from '../errors.ts';
import { ownAnswer } from '../own-answer.ts';
import type { Answer } from '../answer.ts';
import { NOTHING_LEARNED } from '../schema/habits.ts';
import { headOf } from '../plan-parts.ts';
import type { Plan } from '../step.ts';

const NO_SOCKET = 'nock answers with a Response, so there is no connection to write other bytes to';
const NO_CUT =
  'through nock fetch takes the end of content that has no length for its regular end, so it would see a shorter answer and no failure';

/** Why clients could not be shown a plan through nock as a server shows it; undefined when they can. */
function beyondNock(plan: Plan): string | undefined {
  if (plan.some(({ kind }) => kind === 'raw')) return NO_SOCKET;
  const head = headOf(plan);
  if (head === undefined || head.framing === 'length') return undefined;
  const cut = plan.some(({ kind }) => kind === 'reset' || (kind === 'close' && !closes(plan)));
  return cut ? NO_CUT : undefined;
}

/** Whether the end of the connection is the end of the content, as the head says. */
function closes(plan: Plan): boolean {
  return headOf(plan)?.framing === 'close';
}

/** An answer of a common kind, to try a rule on. */
const SAMPLE: Plan = [
  {
    kind: 'head',
    status: 200,
    statusText: 'OK',
    headers: ['Content-Type', 'application/json', 'Content-Length', '17'],
    framing: 'length',
  },
  { kind: 'chunk', bytes: Buffer.from('{"a":1,"b":[{}]}\n') },
  { kind: 'end', trailers: [] },
];

function advice(why: string): string {
  return `${why}. Use startMock, which answers on a real connection`;
}

/**
 * Refuses a rule that no answer to could be shown through nock.
 *
 * @throws MockError NOCK_CANNOT_SHOW
 */
export function refuseBeyondNock(rule: FaultRule): void {
  const context = {
    rule: rule.text,
    random: () => 0.5,
    quota: null,
    learned: () => NOTHING_LEARNED,
  };
  const why = beyondNock(rule.fault(SAMPLE, context));
  if (why === undefined) return;
  throw new MockError(
    'NOCK_CANNOT_SHOW',
    `Failed to play with nock: it cannot show the fault ${JSON.stringify(rule.text)}, since ${advice(why)}.`,
  );
}

function subjectOf({ faults, recording }: Answer): string {
  if (faults.length > 0)
    return `the fault ${JSON.stringify(faults.map(({ text }) => text).join('; '))}`;
  return `how recording ${recording?.id ?? 0} ended`;
}

/** The answer's plan, or the mock's own words for why nock cannot show it. */
export function planForNock(answer: Answer): Plan {
  const why = beyondNock(answer.plan);
  if (why === undefined) return answer.plan;
  return ownAnswer(500, {
    code: 'NOCK_CANNOT_SHOW',
    message: `nock cannot show ${subjectOf(answer)} to this request, since ${advice(why)}.`,
  });
}
