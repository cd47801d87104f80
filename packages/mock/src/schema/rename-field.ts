import type { TextEdit } from '@calltape/store';
import { isMember } from './change.ts';
import type { Change, Scene } from './change.ts';
import type { JsonPlace } from './json-place.ts';
import { commonStyle, joined, styleOf, wordsOf } from './word-style.ts';

/** Another spelling where the name has several words, else a word in front of it. */
function likelyName({ parent, child }: JsonPlace): string {
  const style = styleOf(child.key);
  const words = wordsOf(child.key);
  if (words.length > 1 && style !== null) {
    return joined(words, style === 'camel' ? 'snake' : 'camel');
  }
  const names = parent.children.map(({ key }) => key);
  return words.length === 0 ? `new_${child.key}` : joined(['new', ...words], commonStyle(names));
}

function rename(
  place: JsonPlace,
  { text }: Scene,
  argument: string | undefined,
): TextEdit | undefined {
  const { parent, child } = place;
  if (parent.kind !== 'object') return undefined;
  const name = argument ?? likelyName(place);
  if (parent.children.some(({ key }) => key === name)) return undefined;
  const colon = text.lastIndexOf('"', child.value.start - 1) + 1;
  return { from: child.start, to: colon, text: JSON.stringify(name) };
}

/** A member has another name, `createdAt` for `created_at`. */
export const renameField: Change = {
  name: 'rename-field',
  usage: 'rename-field, rename-field=/amount or rename-field=/amount:total',
  argument: (name) => name !== '',
  isPlausible: isMember,
  edit: rename,
};
