import { afterHead, cutPointOf, endingAt } from '../cut-point.ts';
import type { Fault, FaultInput, FaultKind } from '../fault.ts';
import { takesNoValue } from './plain-kind.ts';

const USAGE = 'close, close at=headers, close at=bytes:100 or close at=chunk:2';

function parse(input: FaultInput): Fault {
  takesNoValue('close', input, `; where it strikes is said by at: ${USAGE}`);
  const point = cutPointOf(input, USAGE, afterHead);
  return (plan) => endingAt(point, plan, { kind: 'close' });
}

/**
 * The connection ends with FIN after the head or within the content, whose framing stays: content
 * that ends with its connection then looks whole to most clients.
 */
export const close: FaultKind = {
  name: 'close',
  usage: USAGE,
  keys: ['at'],
  usesUp: false,
  onAnswer: 'beginning',
  parse,
};
