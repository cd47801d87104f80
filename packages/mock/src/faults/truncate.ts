import { withoutField } from '../flat-headers.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { contentLength, upToContent } from '../plan-parts.ts';
import type { Plan, Step } from '../step.ts';

const USAGE = 'truncate=50% or truncate=100 (bytes)';

type Kept = (length: number) => number;

function parseKept(value: string): Kept | undefined {
  const [, number = '', percent] = /^(\d{1,15}(?:\.\d+)?)(%)?$/.exec(value) ?? [];
  const amount = number === '' ? Number.NaN : Number(number);
  if (percent === '%') {
    return amount < 100 ? (length) => Math.floor((length * amount) / 100) : undefined;
  }
  return Number.isSafeInteger(amount) ? () => amount : undefined;
}

/**
 * The cut must show. A body that ends with the connection looks whole wherever it is cut, so its
 * true length is announced.
 */
function withVisibleEnd(step: Step, length: number): Step {
  if (step.kind !== 'head' || step.framing !== 'close') return step;
  const headers = withoutField(step.headers, 'connection');
  return { ...step, headers: [...headers, 'Content-Length', String(length)], framing: 'length' };
}

function cut(plan: Plan, kept: Kept): Plan {
  const length = contentLength(plan);
  const keep = kept(length);
  if (keep >= length) return plan;
  const steps = upToContent(plan, keep).map((step) => withVisibleEnd(step, length));
  return [...steps, { kind: 'close' }];
}

function parse({ value, refuse }: FaultInput): Fault {
  const kept = parseKept(value ?? '');
  if (kept !== undefined) return (plan) => cut(plan, kept);
  throw refuse(
    value === undefined ? 'truncate' : `truncate=${value}`,
    `truncate takes the share of the content to send, less than 100%, or a number of bytes: ${USAGE}`,
  );
}

/** The head tells the true length, then the connection ends (FIN) before the content does. */
export const truncate: FaultKind = {
  name: 'truncate',
  usage: USAGE,
  keys: [],
  usesUp: false,
  onAnswer: 'whole',
  parse,
};
