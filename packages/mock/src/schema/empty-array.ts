import { instead } from './change.ts';
import type { Change } from './change.ts';

/** A list has nothing in it. */
export const emptyArray: Change = {
  name: 'empty-array',
  usage: 'empty-array or empty-array=/data',
  argument: null,
  isPlausible: () => true,
  edit(place) {
    const { kind, children } = place.child.value;
    return kind === 'array' && children.length > 0 ? instead(place, '[]') : undefined;
  },
};
