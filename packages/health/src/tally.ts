import type { CallRow } from '@calltape/store';
import { DurationPool, percentiles } from './duration-pool.ts';
import type { Figures, Latency, Percentile } from './figures.ts';
import { type Slice, SLICES, sliceOf, type Verdict, verdictOf } from './verdict.ts';

const P95_NEEDS = 20;
const P99_NEEDS = 100;
const SWITCHING_PROTOCOLS = 101;

function percentile(ms: number | undefined, tooFew: boolean): Percentile {
  return { ms: ms ?? null, tooFew };
}

function latencyOf(pools: readonly DurationPool[]): Latency {
  const n = pools.reduce((sum, pool) => sum + pool.size, 0);
  const [p50, p95, p99] = percentiles(pools, [0.5, 0.95, 0.99]);
  return {
    n,
    p50: percentile(p50, n === 0),
    p95: percentile(p95, n < P95_NEEDS),
    p99: percentile(p99, n < P99_NEEDS),
  };
}

/** How long a call took to be answered whole; a WebSocket lasts as long as its two sides like. */
function latencyMs({ outcome, status, durationMs }: CallRow): number | null {
  return outcome === 'complete' && status !== SWITCHING_PROTOCOLS ? durationMs : null;
}

/** Running counts over a set of calls. Adding a call and taking it out cancel exactly. */
export class Tally {
  readonly pools: Readonly<Record<Slice, DurationPool>> = {
    live: new DurationPool(),
    mock: new DurationPool(),
    injected: new DurationPool(),
  };
  readonly pending: Map<number, CallRow> = new Map();
  readonly verdicts: Record<Verdict, number> = {
    ok: 0,
    clientError: 0,
    rateLimited: 0,
    error: 0,
    aborted: 0,
    pending: 0,
  };
  readonly slices: Record<Slice, number> = { live: 0, mock: 0, injected: 0 };
  calls = 0;

  add(call: CallRow): void {
    this.#count(call, 1);
    if (call.outcome === 'pending') this.pending.set(call.id, call);
    const ms = latencyMs(call);
    if (ms !== null) this.pools[sliceOf(call)].add(ms);
  }

  take(call: CallRow): void {
    this.#count(call, -1);
    this.pending.delete(call.id);
    const ms = latencyMs(call);
    if (ms !== null) this.pools[sliceOf(call)].take(ms);
  }

  #count(call: CallRow, by: 1 | -1): void {
    this.calls += by;
    this.verdicts[verdictOf(call)] += by;
    this.slices[sliceOf(call)] += by;
  }

  /** Whose durations speak for these calls: live if there are any, else mock, else injected. */
  get subject(): Slice {
    return SLICES.find((slice) => this.slices[slice] > 0) ?? 'live';
  }

  /** The call that has waited longest for its answer; an open WebSocket has had its own. */
  oldestPending(): CallRow | null {
    let oldest: CallRow | null = null;
    for (const call of this.pending.values()) {
      if (call.status === SWITCHING_PROTOCOLS) continue;
      if (oldest === null || call.startedAt < oldest.startedAt) oldest = call;
    }
    return oldest;
  }

  /**
   * @param atMs - Now, milliseconds since the Unix epoch.
   * @param coveredMs - The time that rates are over.
   * @param slices - Whose durations count.
   */
  figures(atMs: number, coveredMs: number, slices: readonly Slice[] = SLICES): Figures {
    const ended = this.calls - this.verdicts.pending;
    const oldest = this.oldestPending();
    return {
      calls: this.calls,
      perSecond: (ended * 1000) / coveredMs,
      errors: this.verdicts.error,
      errorShare: ended === 0 ? null : this.verdicts.error / ended,
      clientErrors: this.verdicts.clientError,
      rateLimited: this.verdicts.rateLimited,
      aborted: this.verdicts.aborted,
      inFlight: this.pending.size,
      oldestInFlightMs: oldest === null ? null : Math.max(0, atMs - oldest.startedAt),
      latency: latencyOf(slices.map((slice) => this.pools[slice])),
    };
  }
}
