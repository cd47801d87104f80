import { isMember, pick } from './change.ts';
import type { Change } from './change.ts';
import { commonStyle, joined } from './word-style.ts';

const NAMES: readonly (readonly string[])[] = [
  ['schema', 'version'],
  ['legacy', 'id'],
  ['trace', 'token'],
  ['region', 'hint'],
];

/** An object has a member more, in front of the one at the place. */
export const extraField: Change = {
  name: 'extra-field',
  usage: 'extra-field, extra-field=/data/0/id (beside that) or extra-field=/id:added_at',
  argument: (name) => name !== '',
  isPlausible: (place) => isMember(place) && place.at === 0,
  edit({ parent, child }, { random }, argument) {
    if (parent.kind !== 'object') return undefined;
    const names = parent.children.map(({ key }) => key);
    const name = argument ?? joined(pick(NAMES, random) ?? [], commonStyle(names));
    if (names.includes(name)) return undefined;
    return { from: child.start, to: child.start, text: `${JSON.stringify(name)}:"added",` };
  },
};
