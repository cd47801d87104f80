import type { Clue } from './clue.ts';
import { severityOf } from './severity.ts';

/** What is told by an absence of something that came and went anyway. */
const OF_HABITS = 0.5;
/** What is told by fewer than this before: at places that are seldom reached, of which there are many. */
const FEW = 5;
const OF_FEW = 0.25;

/** How much of alpha a clue may use up. */
export function shareOf({ direction, kind, force, before, trust }: Clue): number {
  if (severityOf(direction, kind, force) === 'info') return trust;
  return (before.count > 0 ? OF_HABITS : 1) * (before.of < FEW ? OF_FEW : 1) * trust;
}
