import type { TextEdit } from '@calltape/store';
import { isLeaf, isMember } from './change.ts';
import type { Change, Scene } from './change.ts';
import type { JsonPlace } from './json-place.ts';

/** Takes a member out with the comma that parts it from the next one, or from the one before. */
function cutOut({ parent, at, child }: JsonPlace): TextEdit | undefined {
  if (parent.kind !== 'object') return undefined;
  const next = parent.children[at + 1];
  if (next !== undefined) return { from: child.start, to: next.start, text: '' };
  const before = parent.children[at - 1];
  return { from: before?.value.end ?? child.start, to: child.value.end, text: '' };
}

function isOptional({ pattern }: JsonPlace, { learned }: Scene): boolean {
  const habit = learned.habitOf(pattern);
  return habit !== undefined && habit.present < habit.possible;
}

/** A member is gone: one that other answers lack too, or any that holds no others. */
export const dropField: Change = {
  name: 'drop-field',
  usage: 'drop-field or drop-field=/data/*/email',
  argument: null,
  isPlausible: (place, scene) => isMember(place) && (isLeaf(place) || isOptional(place, scene)),
  edit: cutOut,
};
