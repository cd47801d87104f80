import type { FaultKind } from '../fault.ts';
import { leadingWaits } from '../plan-parts.ts';
import { plainKind } from './plain-kind.ts';

/** The connection ends with FIN before a byte of the answer was sent. */
export const empty: FaultKind = plainKind('empty', (plan) => [
  ...leadingWaits(plan),
  { kind: 'close' },
]);
