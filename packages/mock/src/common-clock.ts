const AHEAD_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * Milliseconds on the monotonic clock of the system, which all threads read alike; `performance.now`
 * begins anew in each of them.
 */
export function commonClockMs(): number {
  return AHEAD_MS + performance.now();
}
