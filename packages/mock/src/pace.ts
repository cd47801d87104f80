import type { LatencyMode } from './latency-mode.ts';
import type { WaitStep } from './step.ts';

/**
 * Says what to wait before the next event of a recording; to be asked in the order of events.
 *
 * @param atMs - When the event took place, in milliseconds since the exchange started; null when
 *   that is not known.
 */
export type Pace = (atMs: number | null) => readonly WaitStep[];

/** The waits between a recording's events under a latency mode. */
export function paceOf(latency: LatencyMode): Pace {
  let reached = 0;
  let first = true;
  return (atMs) => {
    if (latency.kind === 'none') return [];
    if (latency.kind === 'fixed') {
      const ms = first ? latency.ms : 0;
      first = false;
      return ms > 0 ? [{ kind: 'wait', ms }] : [];
    }
    const ms = ((atMs ?? reached) - reached) * latency.factor;
    reached = Math.max(reached, atMs ?? reached);
    return ms > 0 ? [{ kind: 'wait', ms }] : [];
  };
}
