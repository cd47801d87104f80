import { endpointKey } from './endpoint-key.ts';
import type { LatencyMode } from './latency-mode.ts';
import type { PaceMode } from './pace.ts';
import type { Recording } from './recording.ts';

/** By the nearest rank, so that the result is one of the values. */
function percentileOf(sorted: readonly number[], percentile: number): number {
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0;
}

/** The time to the head of an answer; a call that got none took as long as it lasted. */
function latencyOf({ exchange: { ttfbMs, durationMs } }: Recording): number | null {
  return ttfbMs ?? durationMs;
}

/** How long the answers of each endpoint took when they were recorded, the shortest first. */
function latenciesOf(recordings: readonly Recording[]): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const recording of recordings) {
    const latency = latencyOf(recording);
    if (latency === null) continue;
    const key = endpointKey(recording);
    const known = all.get(key);
    if (known === undefined) all.set(key, [latency]);
    else known.push(latency);
  }
  for (const latencies of all.values()) latencies.sort((one, other) => one - other);
  return all;
}

/** Says how long a recording's answer takes under a latency mode. */
export class EndpointLatency {
  readonly #mode: LatencyMode;
  readonly #recordings: readonly Recording[];
  #latencies: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(mode: LatencyMode, recordings: readonly Recording[]) {
    this.#mode = mode;
    this.#recordings = recordings;
  }

  paceOf(recording: Recording): PaceMode {
    const mode = this.#mode;
    if (mode.kind !== 'percentile') return mode;
    this.#latencies ??= latenciesOf(this.#recordings);
    const latencies = this.#latencies.get(endpointKey(recording)) ?? [];
    return { kind: 'led', ms: percentileOf(latencies, mode.percentile) };
  }
}
