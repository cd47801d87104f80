import type { Place } from './shape.ts';

/** How many places there are below this one. */
export function countPlaces(place: Place): number {
  let count = 0;
  if (place.items !== null) count += 1 + countPlaces(place.items);
  const { record } = place;
  if (record === null) return count;
  if (record.values !== null) count += 1 + countPlaces(record.values);
  for (const { members } of record.variants.values()) {
    for (const member of members.values()) count += 1 + countPlaces(member.place);
  }
  return count;
}
