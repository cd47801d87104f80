import { instead, isLeaf, isMember } from './change.ts';
import type { Change } from './change.ts';

/** A value is null: one that other answers have null too, or any that holds no others. */
export const nullField: Change = {
  name: 'null-field',
  usage: 'null-field or null-field=/data/*/email',
  argument: null,
  isPlausible: (place, { learned }) =>
    isMember(place) && (isLeaf(place) || learned.habitOf(place.pattern)?.wasNull === true),
  edit: (place) => (place.child.value.kind === 'null' ? undefined : instead(place, 'null')),
};
