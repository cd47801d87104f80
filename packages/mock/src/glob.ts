/** Tells whether a whole text fits a pattern. */
export type Glob = (text: string) => boolean;

/**
 * Matches a list against a pattern list in which `wild` stands for any number of items. Only the
 * last wild item is ever taken up again, so the work is bounded by the product of the lengths and
 * no pattern can hang the program, as a regular expression made of it could.
 */
function fits<T>(
  items: ArrayLike<T>,
  pattern: ArrayLike<T>,
  wild: T,
  same: (item: T, part: T) => boolean,
): boolean {
  let at = 0;
  let part = 0;
  let wildPart = -1;
  let wildAt = 0;
  while (at < items.length) {
    const wanted = part < pattern.length ? pattern[part] : undefined;
    const item = items[at];
    if (wanted === wild) {
      wildPart = part;
      wildAt = at;
      part += 1;
    } else if (wanted !== undefined && item !== undefined && same(item, wanted)) {
      at += 1;
      part += 1;
    } else if (wildPart >= 0) {
      wildAt += 1;
      at = wildAt;
      part = wildPart + 1;
    } else return false;
  }
  while (part < pattern.length && pattern[part] === wild) part += 1;
  return part === pattern.length;
}

const sameCharacter = (character: string, wanted: string): boolean => character === wanted;

/** `*` stands for any number of characters. */
export function fitsWord(text: string, pattern: string): boolean {
  return fits(text, pattern, '*', sameCharacter);
}

/**
 * A pattern for paths: `*` stands for any characters within one segment, a segment `**` for any
 * number of whole segments, none included. `/v1/**` fits `/v1`, `/v1/charges` and all below it.
 */
export function pathGlob(pattern: string): Glob {
  const segments = pattern.split('/');
  return (path) => fits(path.split('/'), segments, '**', fitsWord);
}
