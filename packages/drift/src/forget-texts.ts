import { closedValues } from './closed-set.ts';
import type { Lessons } from './lessons.ts';
import type { Place } from './shape.ts';

/**
 * Forgets texts that are no members of a closed set, such as names of people: no comparison needs them,
 * and what is kept under version control should not have them.
 */
export function forgetTexts(lessons: Lessons): void {
  for (const { requests, responses } of lessons.endpoints()) {
    for (const { bodies } of [requests, ...responses.values()]) {
      for (const { root } of bodies.values()) forgetBelow(root);
    }
  }
}

function forgetBelow(place: Place): void {
  const { text, items, record } = place;
  if (text !== null && closedValues(text, place.count('string')) === undefined) text.values = null;
  if (items !== null) forgetBelow(items);
  if (record === null) return;
  if (record.values !== null) forgetBelow(record.values);
  for (const { members } of record.variants.values()) {
    for (const member of members.values()) forgetBelow(member.place);
  }
}
