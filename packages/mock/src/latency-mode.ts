import { parseDuration } from './duration.ts';
import { MockError } from './errors.ts';

/**
 * How long answers take without any fault. `recorded`: what they took when they were recorded,
 * times `factor`, chunk by chunk. `fixed`: `ms` milliseconds in front of each answer.
 * `percentile`: in front of each answer what such a part of its endpoint's recorded answers took at most.
 */
export type LatencyMode =
  | { readonly kind: 'none' }
  | { readonly kind: 'recorded'; readonly factor: number }
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'percentile'; readonly percentile: number };

const MAX_FACTOR = 1_000;

/**
 * Reads a latency mode: `none`, `recorded`, a multiple of the recorded latency such as `2x` or
 * `0.5x`, a percentile of each endpoint's recorded latencies such as `p95`, or a fixed duration such as
 * `200ms`.
 *
 * @throws MockError LATENCY_INVALID when the text is none of these.
 */
export function parseLatency(text: string): LatencyMode {
  if (text === 'none') return { kind: 'none' };
  if (text === 'recorded') return { kind: 'recorded', factor: 1 };
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1] ?? Number.NaN);
  if (factor <= MAX_FACTOR) return { kind: 'recorded', factor };
  const percentile = Number(/^p(\d{1,2}(?:\.\d+)?|100)$/.exec(text)?.[1] ?? Number.NaN);
  if (percentile > 0) return { kind: 'percentile', percentile };
  const ms = parseDuration(text);
  if (ms !== undefined) return { kind: 'fixed', ms };
  throw new MockError(
    'LATENCY_INVALID',
    `Failed to read the latency "${text}": it is neither recorded, none, a multiple such as 2x (at most ${MAX_FACTOR}x), a percentile such as p95 nor a duration such as 200ms. Write one of these.`,
  );
}
