import type { TextEdit } from '@calltape/store';

const WORD = /[\w\x80-\xff]/;

function isWordAt(text: string, at: number): boolean {
  return WORD.test(text.charAt(at));
}

/** Where a text has another one that is no part of a longer word. */
function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  if (wanted === '') return places;
  const [beginsWord, endsWord] = [isWordAt(wanted, 0), isWordAt(wanted, wanted.length - 1)];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    const goesOn = endsWord && isWordAt(text, at + wanted.length);
    if (!goesOn && !(beginsWord && isWordAt(text, at - 1))) places.push(at);
  }
  return places;
}

/** What each of some words becomes. */
export type Replacement = readonly [from: string, to: string];

/** The words of a text that change: the longest first, so that none is taken for a part of another. */
export function wordEdits(text: string, replacements: readonly Replacement[]): TextEdit[] {
  const edits: TextEdit[] = [];
  const longestFirst = replacements.toSorted(([one], [other]) => other.length - one.length);
  for (const [wanted, put] of longestFirst) {
    for (const from of placesOf(text, wanted)) {
      const to = from + wanted.length;
      if (!edits.some((edit) => from < edit.to && edit.from < to)) {
        edits.push({ from, to, text: put });
      }
    }
  }
  return edits.toSorted((one, other) => one.from - other.from);
}
