import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise, Window } from '@calltape/health';
import type { CallRow } from '@calltape/store';
import { call, pending } from './calls.ts';

const OPTIONS = { lengthMs: 60_000, buckets: 12, knownFromMs: 0 };

describe('a window', () => {
  it('lets a call that ended replace its pending self', () => {
    const window = new Window(OPTIONS);
    window.put([pending({ id: 1, startedAt: 100 })]);
    expect(window.read(400).all).toMatchObject({ calls: 1, inFlight: 1, oldestInFlightMs: 300 });
    window.put([call({ id: 1, startedAt: 100, durationMs: 350, status: 500 })]);
    const { all, oldestInFlight } = window.read(500);
    expect(all).toMatchObject({ calls: 1, inFlight: 0, errors: 1 });
    expect(all.latency.p50.ms).toBe(350);
    expect(oldestInFlight).toBeNull();
  });

  it('drops what ended before it to the millisecond, but never a call under way', () => {
    const window = new Window(OPTIONS);
    window.put([call({ startedAt: 0 }), pending({ startedAt: 0 }), call({ startedAt: 50_000 })]);
    expect(window.read(60_010).all).toMatchObject({ calls: 3, inFlight: 1 });
    expect(window.read(60_011).all).toMatchObject({ calls: 2, inFlight: 1 });
    expect(window.read(1_000_000).all).toMatchObject({ calls: 1, oldestInFlightMs: 1_000_000 });
    expect(window.size).toBe(1);
  });

  it('does not take in what had ended before it', () => {
    const window = new Window(OPTIONS);
    window.read(1_000_000);
    window.put([call({ startedAt: 10 })]);
    expect(window.size).toBe(0);
  });

  it('counts a long call when it ends, not when it began', () => {
    const window = new Window(OPTIONS);
    window.read(600_000);
    window.put([call({ startedAt: 1000, durationMs: 598_500 })]);
    expect(window.read(600_000).all.calls).toBe(1);
  });

  it('forgets calls by id', () => {
    const window = new Window(OPTIONS);
    window.put([call({ id: 7 }), call({ id: 8, fault: 'x' })]);
    window.remove([8, 9]);
    const { all, faults, endpoints } = window.read(100);
    expect(all.calls).toBe(1);
    expect(faults).toEqual([]);
    expect(endpoints[0]?.injected).toBe(0);
  });
});

const anyCall = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  startedAt: fc.integer({ min: 0, max: 200_000 }),
  durationMs: fc.option(fc.double({ min: 0, max: 30_000, noNaN: true })),
  outcome: fc.constantFrom('complete', 'complete', 'complete', 'pending', 'error', 'aborted'),
  status: fc.constantFrom(200, 200, 404, 429, 503),
  source: fc.constantFrom('proxy', 'mock'),
  fault: fc.constantFrom(null, null, 'GET /a latency=1s', 'GET /b reset'),
  template: fc.constantFrom('/a', '/b', '/c'),
});

type AnyCall = typeof anyCall extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), calls: fc.array(anyCall, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('tick' as const), byMs: fc.integer({ min: 0, max: 25_000 }) }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 1, max: 40 }) }),
);

function toRow({ outcome, durationMs, ...rest }: AnyCall): CallRow {
  return call({
    ...rest,
    outcome,
    durationMs: outcome === 'pending' ? null : durationMs,
    errorType: outcome === 'error' ? 'ECONNRESET' : null,
  });
}

function nearestRank(values: number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null;
}

describe('taking calls in one by one', () => {
  it('gives the same figures as computing them anew', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const window = new Window(OPTIONS);
        const known = new Map<number, CallRow>();
        let now = 100_000;
        for (const one of steps) {
          switch (one.kind) {
            case 'put': {
              const rows = one.calls.map(toRow);
              window.put(rows);
              for (const row of rows) known.set(row.id, row);
              break;
            }
            case 'remove':
              window.remove([one.id]);
              known.delete(one.id);
              break;
            case 'tick':
              now += one.byMs;
              break;
          }
          expect(window.read(now)).toEqual(summarise(known.values(), now, OPTIONS));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('agrees with sorting all durations', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1 }),
        (ms) => {
          const rows = ms.map((durationMs, id) => call({ id, durationMs }));
          const { latency } = summarise(rows, 100_000, { lengthMs: 1e7 }).all;
          expect(latency.p50.ms).toBe(nearestRank(ms, 0.5));
          expect(latency.p95.ms).toBe(nearestRank(ms, 0.95));
          expect(latency.p99.ms).toBe(nearestRank(ms, 0.99));
        },
      ),
    );
  });
});
