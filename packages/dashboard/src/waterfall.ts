import type { CallRow } from '@calltape/store';
import { timeOfDay } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { join, repeat, safe, type Safe } from './safe.ts';

/** A stretch of time, milliseconds since the Unix epoch. */
export interface TimeScale {
  readonly fromMs: number;
  readonly toMs: number;
}

function endOf(call: CallRow, nowMs: number): number {
  if (call.outcome === 'pending') return Math.max(nowMs, call.startedAt);
  return call.startedAt + (call.durationMs ?? 0);
}

/** The time that these calls took together. */
export function scaleOf(calls: readonly CallRow[], nowMs: number): TimeScale {
  const fromMs = Math.min(...calls.map(({ startedAt }) => startedAt));
  return { fromMs, toMs: Math.max(fromMs + 1, ...calls.map((call) => endOf(call, nowMs))) };
}

/** A call as a bar on the scale: waiting for the answer, then its body. */
export function bar(
  call: CallRow,
  scale: TimeScale,
  width: number,
  nowMs: number,
  glyphs: Glyphs,
): Safe {
  const perMs = width / (scale.toMs - scale.fromMs);
  const cellAt = (ms: number): number => Math.floor((ms - scale.fromMs) * perMs);
  const start = Math.min(width - 1, cellAt(call.startedAt));
  const end = Math.max(start + 1, Math.min(width, cellAt(endOf(call, nowMs))));
  const blank = repeat(safe` `, start);
  if (call.outcome === 'pending') {
    return join([blank, repeat(glyphs.waiting, end - start - 1), glyphs.ongoing]);
  }
  const answered = call.startedAt + (call.ttfbMs ?? call.durationMs ?? 0);
  const head = Math.min(end - 1, Math.max(start, cellAt(answered)));
  return join([blank, repeat(glyphs.waiting, head - start), repeat(glyphs.receiving, end - head)]);
}

/** The two ends of the scale, as a column's title. */
export function scaleTitle(scale: TimeScale, width: number, glyphs: Glyphs): Safe {
  const from = timeOfDay(scale.fromMs);
  const to = timeOfDay(scale.toMs);
  const between = width - from.length - to.length - 2;
  if (between < 1) return from;
  return safe`${from} ${repeat(glyphs.box.across, between)} ${to}`;
}
