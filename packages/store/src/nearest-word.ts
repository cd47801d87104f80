/**
 * How many typing slips (a letter added, left out, replaced, or two neighbours swapped) lie between
 * two words. A pair once swapped is not edited again, which is enough for slips.
 */
export function editDistance(from: string, to: string): number {
  const a = Array.from(from);
  const b = Array.from(to);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      const same = letter === other ? 0 : 1;
      const swapped = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other;
      row.push(
        Math.min(
          at(last, j + 1) + 1,
          at(row, j) + 1,
          at(last, j) + same,
          swapped ? at(beforeLast, j - 1) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

/** Words longer than this are cut before they are compared, as the work grows with the square. */
const MAX_LENGTH = 40;

/**
 * The word that was probably meant, or undefined when none is near. A beginning of a word, as while
 * typing, counts as near.
 */
export function nearestWord(typed: string, words: Iterable<string>): string | undefined {
  const short = typed.slice(0, MAX_LENGTH).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(short.length / 3)) + 1;
  for (const word of words) {
    const distance = short.length > 2 && word.startsWith(short) ? 1 : editDistance(short, word);
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
