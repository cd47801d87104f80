import { beforeHead, cutPointOf, endingAt } from '../cut-point.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { takesNoValue } from './plain-kind.ts';

const USAGE = 'reset, reset at=headers, reset at=bytes:100 or reset at=chunk:2';

function parse(input: FaultInput): Fault {
  takesNoValue('reset', input, `; where it strikes is said by at: ${USAGE}`);
  const point = cutPointOf(input, USAGE, beforeHead);
  return (plan) => endingAt(point, plan, { kind: 'reset' });
}

/** The connection ends with RST: before the head, after it, or within the content. */
export const reset: FaultKind = {
  name: 'reset',
  usage: USAGE,
  keys: ['at'],
  usesUp: false,
  onAnswer: 'beginning',
  parse,
};
