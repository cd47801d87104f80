import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/step.ts';
import {
  altered,
  chunk,
  contentOf,
  END,
  fieldsOf,
  fixed,
  head,
  stream,
  words,
} from './plan-words.ts';

const FIXED = fixed('0123456789');
const STREAM = stream('0123', '4567', '89');
const CLOSE: Plan = [head('close', 'Connection', 'close'), chunk('0123456789'), END];
const NOTHING: Plan = [head('none'), END];
const FAILED: Plan = [{ kind: 'wait', ms: 5 }, { kind: 'reset' }];

it.each([
  ['close', FIXED, 'head close'],
  ['close at=bytes:4', FIXED, 'head chunk:0123 close'],
  ['close at=chunk:2', STREAM, 'head chunk:0123 chunk:4567 close'],
  ['close at=bytes:4', CLOSE, 'head chunk:0123 close'],
  ['timeout at=headers', FIXED, 'head hang'],
  ['timeout at=chunk:1', STREAM, 'head chunk:0123 hang'],
  ['empty', FIXED, 'close'],
  ['empty', FAILED, 'wait:5 close'],
  ['malformed', FIXED, 'head chunk:01234 raw:not-a-size close'],
  ['malformed', STREAM, 'head chunk:0123 chunk:4 raw:not-a-size close'],
  ['lose-reply', FIXED, 'reset'],
  ['lose-reply=close', FIXED, 'close'],
  ['lose-reply=timeout', FIXED, 'hang'],
] as const)('%s', (fault, plan, expected) => {
  expect(words(altered(fault, plan))).toBe(expected);
});

it.each([
  ['close', NOTHING],
  ['close', FAILED],
  ['timeout at=headers', FAILED],
  ['malformed', NOTHING],
  ['malformed', FAILED],
  ['slow-close', NOTHING],
  ['slow-close', FAILED],
  ['bandwidth=1kb/s', NOTHING],
  ['lose-reply', FAILED],
] as const)('%s leaves what it finds nothing to do in', (fault, plan) => {
  expect(altered(fault, plan)).toBe(plan);
});

it('loses a reply after the time that the work took', () => {
  const plan: Plan = [
    { kind: 'interim', status: 103, statusText: '', headers: [] },
    { kind: 'wait', ms: 30 },
    ...FIXED,
  ];
  expect(words(altered('lose-reply', plan))).toBe('wait:30 reset');
});

it('announces chunks where it sends a bad one', () => {
  expect(fieldsOf(altered('malformed', FIXED))).toEqual(['Transfer-Encoding', 'chunked']);
});

function garbage(seed: number): Uint8Array {
  const [raw, end] = altered('garbage', FIXED, seed);
  expect(end?.kind).toBe('close');
  return raw?.kind === 'raw' ? raw.bytes : new Uint8Array(0);
}

it('sends garbage that differs from seed to seed and never begins as HTTP does', () => {
  expect(garbage(1)).toHaveLength(64);
  expect(garbage(1)).toEqual(garbage(1));
  expect(garbage(1)).not.toEqual(garbage(2));
  for (let seed = 0; seed < 200; seed += 1) expect(garbage(seed)[0]).toBeGreaterThan(0x7f);
});

it('ends with the connection where the close is slow, whatever ended the answer before', () => {
  for (const plan of [FIXED, STREAM, CLOSE]) {
    const slow = altered('slow-close=2s', plan);
    expect(fieldsOf(slow)).toEqual(['Connection', 'close']);
    expect(contentOf(slow)).toBe('0123456789');
    expect(words(slow)).toMatch(/wait:2000 end$/);
  }
});

describe('bandwidth', () => {
  it('parts content into ten slices a second', () => {
    expect(words(altered('bandwidth=40b/s', FIXED))).toBe(
      'head wait:100 chunk:0123 wait:100 chunk:4567 wait:50 chunk:89 end',
    );
  });

  it('takes bytes divided by rate in all, in a bounded number of slices', () => {
    const plan = fixed(Buffer.alloc(3_000_000));
    for (const rate of ['1b/s', '2.5kb/s', '1mb/s']) {
      const slow = altered(`bandwidth=${rate}`, plan);
      expect(slow.length).toBeLessThan(20_010);
      expect(contentOf(slow)).toHaveLength(3_000_000);
    }
    const waits = altered('bandwidth=1mb/s', plan).flatMap((step) =>
      step.kind === 'wait' ? [step.ms] : [],
    );
    const total = waits.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeCloseTo((3_000_000 / 1024 ** 2) * 1_000, 3);
  });
});

describe('answers of its own', () => {
  it('challenges the unauthorized', () => {
    const plan = altered('unauthorized', FIXED);
    expect(plan[0]).toMatchObject({ kind: 'head', status: 401 });
    expect(fieldsOf(plan)).toContain('Bearer realm="calltape", error="invalid_token"');
  });

  it('limits what goes beyond the quota, and says when to come again', () => {
    const quota = { used: 10, resetMs: 400 };
    expect(altered('rate-limit=10/s', FIXED, 1, { quota })).toBe(FIXED);
    const plan = altered('rate-limit=10/m', FIXED, 1, { quota: { used: 11, resetMs: 30_400 } });
    expect(plan[0]).toMatchObject({ kind: 'head', status: 429 });
    const fields = fieldsOf(plan).join(' ');
    expect(fields).toContain('retry-after 31');
    expect(fields).toContain('ratelimit-limit 10 ratelimit-remaining 0 ratelimit-reset 31');
  });
});
