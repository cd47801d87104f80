import type { MockRule } from './mock-control.ts';
import type { Place } from './state.ts';

/** Which of the rules is selected: the first where none was chosen, -1 where there is none. */
export function ruleIndex(place: Place, rules: readonly MockRule[]): number {
  const id = place.name === 'faults' ? place.rule : null;
  const at = rules.findIndex((rule) => rule.id === id);
  return at === -1 && rules.length > 0 ? 0 : at;
}
