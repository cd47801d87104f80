import { cutPointOf, endingAt } from '../cut-point.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { takesNoValue } from './plain-kind.ts';

const USAGE = 'timeout, timeout at=headers, timeout at=bytes:100 or timeout at=chunk:2';

function parse(input: FaultInput): Fault {
  takesNoValue('timeout', input, `, as the answer never comes: ${USAGE}`);
  const point = cutPointOf(input, USAGE, () => []);
  return (plan) => endingAt(point, plan, { kind: 'hang' });
}

/** No answer, or not the rest of it: the connection stays open and silent until the client gives up. */
export const timeout: FaultKind = {
  name: 'timeout',
  usage: USAGE,
  keys: ['at'],
  usesUp: false,
  onAnswer: 'beginning',
  parse,
};
