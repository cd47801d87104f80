import { describe, expect, it } from 'vitest';
import { extentOf, summarise, summariseAll, verdictOf, sliceOf } from '@calltape/health';
import { call, pending } from './calls.ts';

const MINUTE = { lengthMs: 60_000, buckets: 60 };

function lasting(durations: number[]) {
  return durations.map((durationMs) => call({ durationMs }));
}

function upTo(n: number) {
  return Array.from({ length: n }, (_, index) => index + 1);
}

describe('what counts as an error', () => {
  it.each([
    [{ status: 200 }, 'ok'],
    [{ status: 304 }, 'ok'],
    [{ status: 404 }, 'clientError'],
    [{ status: 429 }, 'rateLimited'],
    [{ status: 500 }, 'error'],
    [{ status: 503 }, 'error'],
    [{ status: 200, outcome: 'truncated' }, 'error'],
    [{ status: null, outcome: 'error' }, 'error'],
    [{ status: null, outcome: 'interrupted' }, 'error'],
    [{ status: 200, outcome: 'aborted' }, 'aborted'],
    [{ status: 502, outcome: 'aborted' }, 'error'],
    [{ status: null, outcome: 'pending' }, 'pending'],
  ] as const)('%j is %s', (parts, verdict) => {
    expect(verdictOf(call(parts))).toBe(verdict);
  });

  it('keeps faults apart from mock, and mock from live', () => {
    expect(sliceOf(call({ source: 'mock', fault: 'status=503' }))).toBe('injected');
    expect(sliceOf(call({ source: 'mock' }))).toBe('mock');
    expect(sliceOf(call({ source: 'proxy' }))).toBe('live');
    expect(sliceOf(call({ source: 'har' }))).toBe('live');
  });
});

describe('rate and errors', () => {
  it('counts every kind apart', () => {
    const calls = [
      call(),
      call({ status: 404 }),
      call({ status: 429 }),
      call({ status: 500 }),
      call({ outcome: 'error', status: null, errorType: 'ECONNREFUSED' }),
      call({ outcome: 'aborted' }),
      pending({ startedAt: 1000 }),
    ];
    const { all } = summarise(calls, 5000, MINUTE);
    expect(all).toMatchObject({
      calls: 7,
      errors: 2,
      clientErrors: 1,
      rateLimited: 1,
      aborted: 1,
      inFlight: 1,
      oldestInFlightMs: 4000,
    });
    expect(all.errorShare).toBe(2 / 6);
  });

  it('divides by the time that the tape covers, not by a window it has not filled yet', () => {
    const calls = Array.from({ length: 20 }, (_, n) => call({ startedAt: 100_000 + n * 500 }));
    expect(summarise(calls, 110_000, MINUTE).all.perSecond).toBe(2);
  });

  it('divides by the whole window when the tape is older', () => {
    const calls = Array.from({ length: 30 }, (_, n) => call({ startedAt: 100_000 + n * 500 }));
    const { all, coveredMs } = summarise(calls, 120_000, { ...MINUTE, knownFromMs: 0 });
    expect(coveredMs).toBe(60_000);
    expect(all.perSecond).toBe(0.5);
  });

  it('does not take the life of a WebSocket for a latency', () => {
    const calls = [
      call({ durationMs: 20 }),
      call({ status: 101, durationMs: 3_600_000 }),
      pending({ status: 101 }),
      pending({ startedAt: 4000 }),
    ];
    const { all } = summarise(calls, 5000, MINUTE);
    expect(all.latency).toMatchObject({ n: 1, p50: { ms: 20 } });
    expect(all).toMatchObject({ calls: 4, inFlight: 2, oldestInFlightMs: 1000 });
  });

  it('says nothing of errors when nothing has ended', () => {
    expect(summarise([pending()], 10, MINUTE).all.errorShare).toBeNull();
    expect(summarise([], 10, MINUTE).all).toMatchObject({ calls: 0, perSecond: 0, inFlight: 0 });
  });

  it('lists reasons and fault rules by frequency', () => {
    const health = summarise(
      [
        call({ status: 503, fault: 'GET /things status=503' }),
        call({ status: 503 }),
        call({ fault: 'GET /things latency=2s' }),
        call({ fault: 'GET /things latency=2s' }),
        call({ outcome: 'error', status: null, errorType: 'ECONNRESET' }),
      ],
      1000,
      MINUTE,
    );
    expect(health.reasons).toEqual([
      { reason: '503', calls: 2, injected: 1 },
      { reason: 'ECONNRESET', calls: 1, injected: 0 },
    ]);
    expect(health.faults).toEqual([
      { rule: 'GET /things latency=2s', calls: 2, errors: 0 },
      { rule: 'GET /things status=503', calls: 1, errors: 1 },
    ]);
  });
});

describe('fault rules', () => {
  it('count each for itself where two altered one call', () => {
    const calls = [
      call({ fault: '* /** latency=2s' }),
      call({ fault: '* /** latency=2s; GET /things status=503', status: 503 }),
    ];
    expect(summarise(calls, 1000, MINUTE).faults).toEqual([
      { rule: '* /** latency=2s', calls: 2, errors: 1 },
      { rule: 'GET /things status=503', calls: 1, errors: 1 },
    ]);
  });
});

describe('percentiles', () => {
  it('are exact, by nearest rank', () => {
    const { latency } = summarise(lasting(upTo(100)), 200, MINUTE).all;
    expect(latency).toEqual({
      n: 100,
      p50: { ms: 50, tooFew: false },
      p95: { ms: 95, tooFew: false },
      p99: { ms: 99, tooFew: false },
    });
  });

  it('say when there are too few calls for them', () => {
    const { latency } = summarise(lasting(upTo(19)), 200, MINUTE).all;
    expect(latency).toEqual({
      n: 19,
      p50: { ms: 10, tooFew: false },
      p95: { ms: 19, tooFew: true },
      p99: { ms: 19, tooFew: true },
    });
    expect(summarise(lasting(upTo(20)), 200, MINUTE).all.latency.p95.tooFew).toBe(false);
    expect(summarise([], 200, MINUTE).all.latency.p50).toEqual({ ms: null, tooFew: true });
  });

  it('leave out calls without a whole answer', () => {
    const broken = call({ outcome: 'error', status: null, durationMs: 90 });
    expect(summarise([...lasting([10]), broken], 200, MINUTE).all.latency.n).toBe(1);
  });

  it('of an API are not moved by mocks and faults', () => {
    const calls = [
      call({ durationMs: 40 }),
      call({ durationMs: 1, source: 'mock' }),
      call({ durationMs: 2000, source: 'mock', fault: 'GET /things latency=2s' }),
    ];
    const health = summarise(calls, 3000, MINUTE);
    expect(health.subject).toBe('live');
    expect(health.live.latency.p50.ms).toBe(40);
    expect(health.mock.latency.p50.ms).toBe(1);
    expect(health.injected.latency.p50.ms).toBe(2000);
    expect(health.all.calls).toBe(3);
    expect(health.endpoints).toHaveLength(1);
    expect(health.endpoints[0]).toMatchObject({ calls: 3, injected: 1, totalMs: 2041 });
    expect(health.endpoints[0]?.latency.p50.ms).toBe(40);
  });

  it('of an endpoint that only a mock answered are of the mock', () => {
    const calls = [
      call({ durationMs: 40 }),
      call({ durationMs: 3, source: 'mock', template: '/mocked' }),
      call({ durationMs: 2000, source: 'mock', template: '/mocked', fault: '* /** latency=2s' }),
      call({ durationMs: 7, source: 'mock', template: '/altered', fault: '* /** status=503' }),
    ];
    const { subject, endpoints } = summarise(calls, 3000, MINUTE);
    expect(subject).toBe('live');
    const found = endpoints.map((one) => ({
      path: one.endpoint.template,
      subject: one.subject,
      p50: one.latency.p50.ms,
    }));
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({ path: '/altered', subject: 'injected', p50: 7 });
    expect(found).toContainEqual({ path: '/mocked', subject: 'mock', p50: 3 });
    expect(found).toContainEqual({ path: '/things', subject: 'live', p50: 40 });
  });

  it('are of the mock when nothing is live', () => {
    expect(summarise([call({ source: 'mock' })], 100, MINUTE).subject).toBe('mock');
  });
});

describe('endpoints and trends', () => {
  it('groups by method, origin and path template, busiest first', () => {
    const { endpoints } = summarise(
      [call(), call({ method: 'POST' }), call({ method: 'POST' }), call({ origin: 'http://b' })],
      100,
      MINUTE,
    );
    expect(
      endpoints.map(({ endpoint, calls }) => [endpoint.method, endpoint.origin, calls]),
    ).toEqual([
      ['POST', 'https://api.test', 2],
      ['GET', 'http://b', 1],
      ['GET', 'https://api.test', 1],
    ]);
  });

  it('puts a call into the piece of time it ended in', () => {
    const window = { lengthMs: 4000, buckets: 4 };
    const calls = [
      call({ startedAt: 500, durationMs: 1000 }),
      call({ startedAt: 2100, durationMs: 30, status: 500 }),
      call({ startedAt: 2200, durationMs: 70 }),
    ];
    expect(summarise(calls, 3999, window).trend).toEqual({
      bucketMs: 1000,
      calls: [0, 1, 2, 0],
      errors: [0, 0, 1, 0],
      p95Ms: [null, 1000, 70, null],
    });
  });

  it('covers a whole tape from its first to its last call', () => {
    const calls = [
      call({ startedAt: 1_000_000, durationMs: 20 }),
      call({ startedAt: 4_000_000, durationMs: 50, status: 500 }),
    ];
    const health = summariseAll(calls);
    expect(extentOf(calls)).toEqual({ fromMs: 1_000_000, toMs: 4_000_050 });
    expect(health.all).toMatchObject({ calls: 2, errors: 1 });
    expect(health.trend.calls).toHaveLength(60);
    expect(health.trend.calls.at(0)).toBe(1);
    expect(health.trend.calls.at(-1)).toBe(1);
  });

  it('covers a tape of one call', () => {
    expect(summariseAll([call({ startedAt: 5, durationMs: 0 })]).all.calls).toBe(1);
    expect(summariseAll([]).all.calls).toBe(0);
  });
});
