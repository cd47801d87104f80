import type { CallRow } from '@calltape/store';
import type { Health } from './figures.ts';
import { Window, type WindowOptions } from './window.ts';

/**
 * The figures of some calls in one go.
 *
 * @param calls - In any order; of two with the same id the later one holds.
 * @param atMs - The end of the window, milliseconds since the Unix epoch.
 * @param options - Length and pieces of the window.
 */
export function summarise(calls: Iterable<CallRow>, atMs: number, options: WindowOptions): Health {
  const window = new Window(options);
  window.put(calls);
  return window.read(atMs);
}

/**
 * The figures of calls as a whole: the window reaches from the start of the first to the end of the
 * last.
 */
export function summariseAll(calls: readonly CallRow[], buckets?: number): Health {
  const { fromMs, toMs } = extentOf(calls);
  return summarise(calls, toMs, {
    lengthMs: toMs - fromMs + 1,
    alignMs: fromMs,
    knownFromMs: fromMs,
    ...(buckets === undefined ? {} : { buckets }),
  });
}

/** From the start of the first call to the end of the last, milliseconds since the epoch. */
export function extentOf(calls: readonly CallRow[]): { fromMs: number; toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { startedAt, durationMs } of calls) {
    fromMs = Math.min(fromMs, startedAt);
    toMs = Math.max(toMs, startedAt + (durationMs ?? 0));
  }
  return calls.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs, toMs };
}
