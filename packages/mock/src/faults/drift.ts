import type { FaultKind } from '../fault.ts';
import type { Random } from '../random.ts';
import { applyChange } from '../schema/apply-change.ts';
import type { Change } from '../schema/change.ts';
import { SCHEMA_CHANGES } from './schema-changes.ts';
import { takesNoValue } from './plain-kind.ts';

/** The changes in an order of the seed's choice. */
function shuffled(random: Random): readonly Change[] {
  const changes = [...SCHEMA_CHANGES];
  for (let last = changes.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    const [one, other] = [changes[at], changes[last]];
    if (one !== undefined && other !== undefined) [changes[at], changes[last]] = [other, one];
  }
  return changes;
}

/** One likely change of the answer's JSON, of the seed's choice. */
export const drift: FaultKind = {
  name: 'drift',
  usage: 'drift',
  keys: [],
  usesUp: true,
  onAnswer: 'whole',
  parse(input) {
    takesNoValue('drift', input, ', as it finds its place by itself: drift');
    return (plan, context) =>
      applyChange(({ random }) => shuffled(random), undefined, plan, context);
  },
};
