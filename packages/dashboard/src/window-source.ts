import { extentOf, Window } from '@calltape/health';
import type { CallRow } from '@calltape/store';
import type { Span } from './picture.ts';

/** Calls that figures are made of, at the most. */
const MAX_COUNTED = 100_000;
const PAGE = 5000;
/** How much longer than the window a call may have taken and still be found when it ended in it. */
const SLACK_MS = 10 * 60_000;

/** Reads calls with an id below `beforeId`, newest first. */
export type ReadBack = (beforeId: number, limit: number) => CallRow[];

/** Calls from the newest back to `fromMs`, at most `MAX_COUNTED`. */
function readBackTo(read: ReadBack, beforeId: number, fromMs: number): CallRow[] {
  const rows: CallRow[] = [];
  let before = beforeId;
  while (rows.length < MAX_COUNTED) {
    const page = read(before, PAGE);
    rows.push(...page);
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < PAGE || oldest.startedAt < fromMs) break;
    before = oldest.id;
  }
  return rows;
}

const MINUTE_MS = 60_000;
const TREND_LENGTHS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;

/**
 * How long a window to keep for a tape that began at `knownFromMs`. As long as a shorter one holds
 * everything the figures are the same, and its trends show more.
 */
export function usefulLength(lengthMs: number, knownFromMs: number, nowMs: number): number {
  const known = nowMs - knownFromMs;
  return Math.min(lengthMs, TREND_LENGTHS_MS.find((one) => one > known) ?? lengthMs);
}

interface Slide {
  readonly beforeId: number;
  readonly lengthMs: number;
  readonly nowMs: number;
  readonly knownFromMs: number;
}

/** Fills a window of the last `lengthMs`. */
export function slidingWindow(
  read: ReadBack,
  { beforeId, lengthMs, nowMs, knownFromMs }: Slide,
): { window: Window; newestOnly: number | null } {
  const rows = readBackTo(read, beforeId, nowMs - lengthMs - SLACK_MS);
  const window = new Window({ lengthMs, knownFromMs });
  window.read(nowMs);
  window.put(rows);
  return { window, newestOnly: rows.length < MAX_COUNTED ? null : rows.length };
}

/** Fills a window that reaches over the whole tape; `toMs` is the moment to read it at. */
export function wholeTape(
  read: ReadBack,
  beforeId: number,
): { window: Window; span: Span; toMs: number } {
  const rows = readBackTo(read, beforeId, Number.NEGATIVE_INFINITY);
  const { fromMs, toMs } = extentOf(rows);
  const lengthMs = toMs - fromMs + 1;
  const window = new Window({ lengthMs, alignMs: fromMs, knownFromMs: fromMs });
  window.put(rows);
  const newestOnly = rows.length < MAX_COUNTED ? null : rows.length;
  return { window, span: { kind: 'tape', lengthMs, newestOnly }, toMs };
}
