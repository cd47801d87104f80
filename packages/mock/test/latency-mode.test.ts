import { expect, it } from 'vitest';
import { MockError, parseLatency } from '@calltape/mock';
import { parseDuration } from '../src/duration.ts';
import { paceOf } from '../src/pace.ts';

it('reads the five spellings', () => {
  expect(parseLatency('none')).toEqual({ kind: 'none' });
  expect(parseLatency('recorded')).toEqual({ kind: 'recorded', factor: 1 });
  expect(parseLatency('2x')).toEqual({ kind: 'recorded', factor: 2 });
  expect(parseLatency('0.5x')).toEqual({ kind: 'recorded', factor: 0.5 });
  expect(parseLatency('p95')).toEqual({ kind: 'percentile', percentile: 95 });
  expect(parseLatency('p99.9')).toEqual({ kind: 'percentile', percentile: 99.9 });
  expect(parseLatency('200ms')).toEqual({ kind: 'fixed', ms: 200 });
});

it.each(['', '200', 'x', '-1x', '5000x', '200 ms', 'Recorded', '25h', 'p0', 'p101', 'p'])(
  'refuses "%s"',
  (text) => {
    expect(() => parseLatency(text)).toThrow(MockError);
    expect(() => parseLatency(text)).toThrow(/2x.*200ms/);
  },
);

it('reads durations with their units', () => {
  expect(['200ms', '1.5s', '2m', '1h', '0ms'].map(parseDuration)).toEqual([
    200, 1_500, 120_000, 3_600_000, 0,
  ]);
  expect(['5', 'ms', '1e3ms', '-1s', '48h'].map(parseDuration)).toEqual(Array(5).fill(undefined));
});

it('turns marks of a recording into waits', () => {
  const recorded = paceOf({ kind: 'recorded', factor: 2 });
  expect([10, 15, 12, null, 20].map(recorded)).toEqual([
    [{ kind: 'wait', ms: 20 }],
    [{ kind: 'wait', ms: 10 }],
    [],
    [],
    [{ kind: 'wait', ms: 10 }],
  ]);
  expect([10, 15, 18].map(paceOf({ kind: 'led', ms: 40 }))).toEqual([
    [{ kind: 'wait', ms: 40 }],
    [{ kind: 'wait', ms: 5 }],
    [{ kind: 'wait', ms: 3 }],
  ]);
  expect([10, 15].map(paceOf({ kind: 'none' }))).toEqual([[], []]);
  expect([10, 15].map(paceOf({ kind: 'fixed', ms: 7 }))).toEqual([[{ kind: 'wait', ms: 7 }], []]);
});
