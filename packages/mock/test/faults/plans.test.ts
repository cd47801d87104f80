import { describe, expect, it } from 'vitest';
import { parseFault } from '@calltape/mock';
import { randomAt, seedOf } from '../../src/random.ts';
import type { FaultContext } from '../../src/fault.ts';
import type { Random } from '../../src/random.ts';
import { NOTHING_LEARNED } from '../../src/schema/habits.ts';
import type { HeadStep, Plan, Step } from '../../src/step.ts';

const LENGTH: HeadStep = {
  kind: 'head',
  status: 200,
  statusText: 'OK',
  headers: ['Content-Length', '10'],
  framing: 'length',
};
const CHUNKED: HeadStep = {
  ...LENGTH,
  headers: ['Transfer-Encoding', 'chunked'],
  framing: 'chunked',
};
const CLOSE: HeadStep = {
  ...LENGTH,
  headers: ['X-A', '1', 'Connection', 'close'],
  framing: 'close',
};
const END: Step = { kind: 'end', trailers: [] };

function chunk(text: string): Step {
  return { kind: 'chunk', bytes: Buffer.from(text) };
}

const FIXED: Plan = [LENGTH, chunk('0123456789'), END];
const STREAM: Plan = [
  CHUNKED,
  chunk('0123'),
  chunk('4567'),
  { kind: 'wait', ms: 5 },
  chunk('89'),
  END,
];

function contextOf(rule: string, random: Random): FaultContext {
  return { rule, random, quota: null, learned: () => NOTHING_LEARNED };
}

function altered(rule: string, plan: Plan, seed = 1): Plan {
  const parsed = parseFault(`GET /a ${rule}`);
  return parsed.fault(plan, contextOf(parsed.text, randomAt(seedOf([seed]), 1)));
}

/** A plan as words: `head chunk:0123 reset`. */
function words(plan: Plan): string {
  return plan
    .map((step) =>
      step.kind === 'chunk' ? `chunk:${Buffer.from(step.bytes).toString()}` : step.kind,
    )
    .join(' ');
}

function headOf(plan: Plan): HeadStep {
  const head = plan.find((step) => step.kind === 'head');
  if (head === undefined) throw new Error('no head');
  return head;
}

function firstWait(plan: Plan): number {
  return plan[0]?.kind === 'wait' ? plan[0].ms : -1;
}

function draws(rule: string): number[] {
  const waits = Array.from({ length: 2_000 }, (_, seed) => firstWait(altered(rule, FIXED, seed)));
  return waits.toSorted((a, b) => a - b);
}

describe('latency', () => {
  it('puts a wait in front', () => {
    expect(altered('latency=200ms', FIXED)).toEqual([{ kind: 'wait', ms: 200 }, ...FIXED]);
    expect(altered('latency=0ms', FIXED)).toBe(FIXED);
  });

  it('draws from the distribution it names', () => {
    const uniform = draws('latency=uniform(50ms,2s)');
    expect(uniform[0]).toBeGreaterThanOrEqual(50);
    expect(uniform[1_999]).toBeLessThanOrEqual(2_000);
    expect(Math.abs((uniform[1_000] ?? 0) - 1_025)).toBeLessThan(80);
    const lognormal = draws('latency=lognormal(200ms,0.5)');
    expect(Math.abs((lognormal[1_000] ?? 0) - 200)).toBeLessThan(15);
    // The 84th percentile is one sigma up: 200 ms times e to the 0.5.
    expect(Math.abs((lognormal[1_683] ?? 0) - 330)).toBeLessThan(30);
  });
});

describe('status', () => {
  it('answers in JSON that names the rule', () => {
    const plan = altered('status=503 retry-after=1', FIXED);
    expect(headOf(plan)).toMatchObject({ status: 503, statusText: 'Service Unavailable' });
    expect(headOf(plan).headers).toEqual(
      expect.arrayContaining([
        'retry-after',
        '1',
        'x-calltape-fault',
        'GET /a status=503 retry-after=1',
      ]),
    );
    expect(words(plan)).toContain('"rule": "GET /a status=503 retry-after=1"');
  });

  it('keeps waits that come before the answer', () => {
    expect(words(altered('status=500', [{ kind: 'wait', ms: 9 }, ...FIXED]))).toMatch(/^wait head/);
  });

  it('has no content with 204 and 304', () => {
    expect(words(altered('status=204', FIXED))).toBe('head end');
  });

  it('names a rule in ASCII whatever it holds', () => {
    const rule = parseFault('GET /caf\u00e9 status=500');
    const plan = rule.fault(
      FIXED,
      contextOf(rule.text, () => 0),
    );
    expect(headOf(plan).headers).toContain('GET /caf%C3%A9 status=500');
  });
});

it('timeout: nothing but silence', () => {
  expect(altered('timeout', FIXED)).toEqual([{ kind: 'hang' }]);
});

describe('reset', () => {
  it.each([
    ['reset', FIXED, 'reset'],
    ['reset', [{ kind: 'wait', ms: 5 }, ...FIXED], 'wait reset'],
    ['reset at=headers', FIXED, 'head reset'],
    ['reset at=bytes:4', FIXED, 'head chunk:0123 reset'],
    ['reset at=bytes:0', FIXED, 'head reset'],
    ['reset at=bytes:6', STREAM, 'head chunk:0123 chunk:45 reset'],
    ['reset at=bytes:10', STREAM, 'head chunk:0123 chunk:4567 wait chunk:89 reset'],
    ['reset at=chunk:1', STREAM, 'head chunk:0123 reset'],
    ['reset at=chunk:3', STREAM, 'head chunk:0123 chunk:4567 wait chunk:89 reset'],
  ] as const)('%s', (rule, plan, expected) => {
    expect(words(altered(rule, plan))).toBe(expected);
  });

  it.each([
    ['reset at=bytes:10', FIXED],
    ['reset at=bytes:11', STREAM],
    ['reset at=chunk:4', STREAM],
    ['reset at=headers', [{ ...LENGTH, framing: 'none' }, END]],
  ] as const)('leaves an answer that is whole by then: %s', (rule, plan) => {
    expect(altered(rule, plan)).toBe(plan);
  });
});

describe('truncate', () => {
  it.each([
    ['truncate=50%', FIXED, 'head chunk:01234 close'],
    ['truncate=3', FIXED, 'head chunk:012 close'],
    ['truncate=0', FIXED, 'head close'],
    ['truncate=99.9%', FIXED, 'head chunk:012345678 close'],
    ['truncate=50%', STREAM, 'head chunk:0123 chunk:4 close'],
  ] as const)('%s', (rule, plan, expected) => {
    const cut = altered(rule, plan);
    expect(words(cut)).toBe(expected);
    expect(headOf(cut)).toEqual(headOf(plan));
  });

  it('announces the true length where the end of the connection would be the end', () => {
    const cut = altered('truncate=50%', [CLOSE, chunk('0123456789'), END]);
    expect(headOf(cut)).toMatchObject({
      headers: ['X-A', '1', 'Content-Length', '10'],
      framing: 'length',
    });
  });

  it.each(['truncate=10', 'truncate=11'])('leaves a body that is not longer: %s', (rule) => {
    expect(altered(rule, FIXED)).toBe(FIXED);
  });
});
