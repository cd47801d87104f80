import { parseDuration } from '../duration.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { withoutField } from '../flat-headers.ts';
import { headOf } from '../plan-parts.ts';
import type { Plan, Step } from '../step.ts';

const USAGE = 'slow-close or slow-close=5s';
const DEFAULT_MS = 5_000;
const ENDING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'trailer']);

function endedByClose(step: Step): Step {
  if (step.kind === 'end') return { kind: 'end', trailers: [] };
  if (step.kind !== 'head' || step.framing === 'close') return step;
  let headers = withoutField(step.headers, 'connection');
  for (const name of ENDING) headers = withoutField(headers, name);
  return { ...step, headers: [...headers, 'Connection', 'close'], framing: 'close' };
}

function closeSlowly(plan: Plan, ms: number): Plan {
  const framing = headOf(plan)?.framing;
  if (framing === undefined || framing === 'none' || plan.at(-1)?.kind !== 'end') return plan;
  const steps = plan.map(endedByClose);
  return [...steps.slice(0, -1), { kind: 'wait', ms }, ...steps.slice(-1)];
}

function parse({ value, refuse }: FaultInput): Fault {
  const ms = value === undefined ? DEFAULT_MS : parseDuration(value);
  if (ms !== undefined && ms > 0) return (plan) => closeSlowly(plan, ms);
  throw refuse(`slow-close=${value}`, `slow-close takes a length of time: ${USAGE}`);
}

/**
 * All content comes at once, but its end does not: it is the end of the connection, which the server
 * is slow to close.
 */
export const slowClose: FaultKind = {
  name: 'slow-close',
  usage: USAGE,
  keys: [],
  usesUp: true,
  onAnswer: 'whole',
  parse,
};
