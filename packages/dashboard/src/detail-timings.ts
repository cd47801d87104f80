import type { Exchange, Timings } from '@calltape/store';
import { padEnd, padStart } from './cells.ts';
import { milliseconds } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, span } from './line.ts';
import { join, repeat, safe, show } from './safe.ts';

type Phase = keyof Timings;

interface Stretch {
  readonly phase: Phase;
  readonly startMs: number;
  readonly ms: number;
}

const NAME_WIDTH = 9;
const NUMBER_WIDTH = 9;

/** The phases one after the other; HAR counts `ssl` inside `connect`, at its end. */
function stretches(timings: Timings): Stretch[] {
  const order: readonly Phase[] = ['blocked', 'dns', 'connect', 'ssl', 'send', 'wait', 'receive'];
  const found: Stretch[] = [];
  let at = 0;
  for (const phase of order) {
    const ms = timings[phase];
    if (ms === null) continue;
    const isInside = phase === 'ssl';
    found.push({ phase, startMs: isInside ? Math.max(0, at - ms) : at, ms });
    if (!isInside) at += ms;
  }
  return found;
}

/** Where the time of a call went, as bars on one scale. */
export function timingLines(
  { timings, durationMs }: Exchange,
  width: number,
  glyphs: Glyphs,
): Line[] {
  const phases = stretches(timings);
  if (phases.length === 0) return [];
  const total = Math.max(durationMs ?? 0, ...phases.map(({ startMs, ms }) => startMs + ms), 0.001);
  const room = Math.max(10, width - NAME_WIDTH - NUMBER_WIDTH - 4);
  const lines = phases.map(({ phase, startMs, ms }): Line => {
    const start = Math.min(room - 1, Math.floor((startMs / total) * room));
    const length = Math.max(1, Math.min(room - start, Math.round((ms / total) * room)));
    const glyph = phase === 'receive' ? glyphs.receiving : glyphs.waiting;
    const bar = join([repeat(safe` `, start), repeat(glyph, length)]);
    return [
      span(padEnd(safe`  ${show(phase)}`, NAME_WIDTH + 2)),
      span(padEnd(bar, room)),
      span(padStart(milliseconds(ms), NUMBER_WIDTH)),
    ];
  });
  return [[span(safe`TIMING`, 'title'), span(safe`  ms`)], ...lines];
}
