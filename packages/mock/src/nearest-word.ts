function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known word that a mistyped one most likely stands for; undefined when none is close. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 40).toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(short.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(short, candidate);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}
