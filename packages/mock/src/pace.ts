import type { LatencyMode } from './latency-mode.ts';
import type { WaitStep } from './step.ts';

/**
 * How the events of one recording are spaced. `led`: `ms` milliseconds in front of the first, and from
 * there on as they were recorded.
 */
export type PaceMode =
  | Exclude<LatencyMode, { readonly kind: 'percentile' }>
  | { readonly kind: 'led'; readonly ms: number };

/**
 * Says what to wait before the next event of a recording; to be asked in the order of events.
 *
 * @param atMs - When the event took place, in milliseconds since the exchange started; null when
 *   that is not known.
 */
export type Pace = (atMs: number | null) => readonly WaitStep[];

function waitOf(ms: number): readonly WaitStep[] {
  return ms > 0 ? [{ kind: 'wait', ms }] : [];
}

/** The waits between a recording's events. */
export function paceOf(mode: PaceMode): Pace {
  let reached = 0;
  let first = true;
  const recordedGap = (atMs: number | null): number => {
    const gap = (atMs ?? reached) - reached;
    reached = Math.max(reached, atMs ?? reached);
    return gap;
  };
  return (atMs) => {
    if (mode.kind === 'none') return [];
    const gap = recordedGap(atMs);
    if (mode.kind === 'recorded') return waitOf(gap * mode.factor);
    const isFirst = first;
    first = false;
    if (isFirst) return waitOf(mode.ms);
    return mode.kind === 'fixed' ? [] : waitOf(gap);
  };
}
