import type { FaultInput } from './fault.ts';
import {
  contentLength,
  headOf,
  isWholeAt,
  leadingWaits,
  lengthOfChunks,
  upToContent,
} from './plan-parts.ts';
import type { Plan, Step } from './step.ts';

/** A plan up to where a fault strikes; undefined where the client has the answer whole by then. */
export type CutPoint = (plan: Plan) => Plan | undefined;

function upTo(plan: Plan, length: number | undefined): Plan | undefined {
  if (length === undefined || headOf(plan) === undefined) return undefined;
  if (length > contentLength(plan) || isWholeAt(plan, length)) return undefined;
  return upToContent(plan, length);
}

/** In front of everything that is sent. */
export const beforeHead: CutPoint = leadingWaits;
export const afterHead: CutPoint = (plan) => upTo(plan, 0);

/**
 * Reads the key `at`: `headers`, `bytes:N` or `chunk:N`; without it `otherwise`.
 *
 * @throws MockError by `refuse`, with `usage` as the right spelling.
 */
export function cutPointOf(
  { options, refuse }: FaultInput,
  usage: string,
  otherwise: CutPoint,
): CutPoint {
  const at = options.get('at');
  if (at === undefined) return otherwise;
  if (at === 'headers') return afterHead;
  const [, unit, digits] = /^(bytes|chunk):(\d{1,15})$/.exec(at) ?? [];
  const count = Number(digits);
  if (unit === 'bytes') return (plan) => upTo(plan, count);
  if (unit === 'chunk') return (plan) => upTo(plan, lengthOfChunks(plan, count));
  throw refuse(`at=${at}`, `at is headers, bytes:N or chunk:N: ${usage}`);
}

/** The plan up to a point and then a last step; the plan itself where the point lies behind it. */
export function endingAt(point: CutPoint, plan: Plan, ...last: readonly Step[]): Plan {
  const begun = point(plan);
  return begun === undefined ? plan : [...begun, ...last];
}
