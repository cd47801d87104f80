import type { Clue } from './clue.ts';
import { severityOf } from './severity.ts';

/** A wrong hint costs a glance, a wrong alarm costs trust. */
const OF_HINTS = 2;
/** What is told by an absence of something that came and went anyway. */
const OF_HABITS = 0.5;

/** How much of alpha a clue may use up. */
export function shareOf({ direction, kind, force, before, trust }: Clue): number {
  if (severityOf(direction, kind, force) === 'info') return OF_HINTS * trust;
  return (before.count > 0 ? OF_HABITS : 1) * trust;
}
