import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import {
  contentLength,
  isWholeAt,
  leadingWaits,
  lengthOfChunks,
  upToContent,
} from '../plan-parts.ts';
import type { Plan } from '../step.ts';

const USAGE = 'reset, reset at=headers, reset at=bytes:100 or reset at=chunk:2';

const beforeHead: Fault = (plan) => [...leadingWaits(plan), { kind: 'reset' }];

/** Resets after so many bytes of content; not at all where the client has it whole by then. */
function resetAfter(plan: Plan, length: number | undefined): Plan {
  if (length === undefined || length > contentLength(plan) || isWholeAt(plan, length)) return plan;
  return [...upToContent(plan, length), { kind: 'reset' }];
}

function parse({ value, options, refuse }: FaultInput): Fault {
  if (value !== undefined) {
    throw refuse(
      `reset=${value}`,
      `reset takes no value; where it strikes is said by at: ${USAGE}`,
    );
  }
  const at = options.get('at');
  if (at === undefined) return beforeHead;
  if (at === 'headers') return (plan) => resetAfter(plan, 0);
  const [, unit, digits] = /^(bytes|chunk):(\d{1,15})$/.exec(at) ?? [];
  const count = Number(digits);
  if (unit === 'bytes') return (plan) => resetAfter(plan, count);
  if (unit === 'chunk') return (plan) => resetAfter(plan, lengthOfChunks(plan, count));
  throw refuse(`at=${at}`, `at is headers, bytes:N or chunk:N: ${USAGE}`);
}

/** The connection ends with RST: before the head, after it, or within the content. */
export const reset: FaultKind = {
  name: 'reset',
  usage: USAGE,
  keys: ['at'],
  keepsAnswer: false,
  parse,
};
