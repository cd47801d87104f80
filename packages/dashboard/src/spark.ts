import type { Glyphs } from './glyphs.ts';
import { join, safe, type Safe } from './safe.ts';

type Value = number | null;

function larger(a: Value, b: Value): Value {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function sum(a: Value, b: Value): Value {
  return (a ?? 0) + (b ?? 0);
}

/** Fewer values for the same time: neighbours are put together, counted from the newest. */
function squeeze(values: readonly Value[], width: number, together: typeof sum): Value[] {
  const size = Math.ceil(values.length / width);
  const squeezed: Value[] = [];
  for (let end = values.length; end > 0; end -= size) {
    squeezed.unshift(values.slice(Math.max(0, end - size), end).reduce(together));
  }
  return squeezed;
}

function draw(values: readonly Value[], glyphs: Glyphs): Safe {
  const top = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  const highest = glyphs.levels.length - 1;
  return join(
    values.map((value) => {
      // Nothing is not a low value: it stays blank.
      if (value === null || value <= 0) return safe` `;
      return glyphs.levels[Math.round((value / top) * highest)] ?? safe` `;
    }),
  );
}

/** A sparkline of counts, at most `width` cells. */
export function sparkOfCounts(values: readonly number[], width: number, glyphs: Glyphs): Safe {
  return width < 1 ? safe`` : draw(squeeze(values, width, sum), glyphs);
}

/** A sparkline of durations, at most `width` cells; the slowest of neighbours is shown. */
export function sparkOfDurations(values: readonly Value[], width: number, glyphs: Glyphs): Safe {
  return width < 1 ? safe`` : draw(squeeze(values, width, larger), glyphs);
}
