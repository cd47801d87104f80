const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]|\p{Emoji_Presentation}/u;

/** Cells that a line takes, judged apart from the code under test. */
export function cellsOf(line: string): number {
  let cells = 0;
  for (const character of line) {
    if (/\p{M}/u.test(character)) continue;
    cells += WIDE.test(character) ? 2 : 1;
  }
  return cells;
}
