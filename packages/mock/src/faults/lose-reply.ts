import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { headOf } from '../plan-parts.ts';
import type { Plan, Step } from '../step.ts';

const USAGE = 'lose-reply, lose-reply=close or lose-reply=timeout';
const LOSSES: ReadonlyMap<string, Step> = new Map([
  ['reset', { kind: 'reset' }],
  ['close', { kind: 'close' }],
  ['timeout', { kind: 'hang' }],
]);

/** The time that the API took is taken; then nothing of the answer comes. */
function lose(plan: Plan, loss: Step): Plan {
  const head = headOf(plan);
  if (head === undefined) return plan;
  const waits = plan.slice(0, plan.indexOf(head)).filter(({ kind }) => kind === 'wait');
  return [...waits, loss];
}

function parse({ value, refuse }: FaultInput): Fault {
  const loss = LOSSES.get(value ?? 'reset');
  if (loss !== undefined) return (plan) => lose(plan, loss);
  throw refuse(`lose-reply=${value}`, `lose-reply takes reset, close or timeout: ${USAGE}`);
}

/**
 * The work is done and its answer lost: the recording is used up, and a client that tries again gets
 * the next one. What shows whether a client's retries do things twice.
 */
export const loseReply: FaultKind = {
  name: 'lose-reply',
  usage: USAGE,
  keys: [],
  usesUp: true,
  onAnswer: 'beginning',
  parse,
};
