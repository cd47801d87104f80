/** The name of a set of fault rules. */
export type FaultProfile =
  | 'flaky'
  | 'slow'
  | 'rate-limited'
  | 'down'
  | 'brownout'
  | 'broken-schema';

/**
 * Fault rules that belong together, by the name that users type. To add one, add it here, to
 * `--profile` and to docs/faults.md.
 */
export const FAULT_PROFILES: Readonly<Record<FaultProfile, readonly string[]>> = {
  flaky: [
    '* /** latency=lognormal(100ms,0.8) p=0.2',
    '* /** status=503 retry-after=1 p=0.05',
    '* /** reset p=0.03',
    '* /** truncate=50% p=0.02',
  ],
  slow: ['* /** latency=lognormal(1s,0.5)', '* /** bandwidth=20kb/s'],
  'rate-limited': ['* /** rate-limit=5/s'],
  down: ['* /** reset'],
  brownout: [
    '* /** latency=lognormal(800ms,0.8)',
    '* /** status=503 retry-after=2 p=0.3',
    '* /** timeout p=0.05',
  ],
  'broken-schema': ['* /** drift p=0.3'],
};
