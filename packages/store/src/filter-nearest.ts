/** The one of `names` that a misspelt `word` was most likely meant to be; undefined if none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase().slice(0, 40);
  const most = lower.length <= 4 ? 1 : 2;
  const [best] = names
    .map((name) => ({ name, distance: distance(lower, name) }))
    .filter((candidate) => candidate.distance <= most)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.name;
}

/** A beginning of the name, as while typing, is nearer than any misspelling. */
function distance(word: string, name: string): number {
  return word.length > 2 && name.startsWith(word) ? 0 : editDistance(word, name);
}

/** How many letters to add, remove or change; two neighbours swapped count as one change. */
function editDistance(from: string, to: string): number {
  let older: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + Number(from[row - 1] !== to[column - 1]),
          swapped ? (older[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    older = above;
    above = current;
  }
  return above[to.length] ?? 0;
}
