import { array, assert, constantFrom, double, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { parseFault } from '@calltape/mock';
import { FaultsInForce, strikeAll } from '../src/faults-in-force.ts';
import type { Plan } from '../src/step.ts';

const PLAN: Plan = [
  {
    kind: 'head',
    status: 200,
    statusText: 'OK',
    headers: ['content-length', '0'],
    framing: 'length',
  },
  { kind: 'end', trailers: [] },
];

/** Which of `count` requests of an endpoint the rule alters, as text: `.x.` is the second. */
function struck(faults: FaultsInForce, endpoint: string, count: number): string {
  return Array.from({ length: count }, () => {
    const rules = faults.about('GET', 'h', '/a', endpoint);
    return strikeAll(rules, PLAN).fired.length > 0 ? 'x' : '.';
  }).join('');
}

function run(text: string, seed: number, count: number): string {
  return struck(new FaultsInForce([parseFault(text)], seed), 'e', count);
}

it.each([
  ['first=2', 'xx........'],
  ['after=7', '.......xxx'],
  ['every=3', '..x..x..x.'],
  ['times=3', 'xxx.......'],
  ['after=2 times=2', '..xx......'],
  ['every=2 times=2', '.x.x......'],
  ['p=1', 'xxxxxxxxxx'],
  ['p=0', '..........'],
  ['first=5 after=2', '..xxx.....'],
])('applies %s as %s', (when, expected) => {
  expect(run(`GET /a reset ${when}`, 1, 10)).toBe(expected);
});

it('reaches the probability it was given', () => {
  const hits = run('GET /a reset p=0.3', 42, 5_000).replaceAll('.', '').length;
  expect(hits / 5_000).toBeCloseTo(0.3, 1);
  expect(Math.abs(hits / 5_000 - 0.3)).toBeLessThan(0.03);
});

it('repeats with the same seed, whatever other endpoints do in between', () => {
  assert(
    property(
      integer(),
      double({ min: 0, max: 1, noNaN: true }),
      array(constantFrom('a', 'b', 'c'), { maxLength: 60 }),
      (seed, p, order) => {
        const rule = parseFault(`GET /a reset p=${p.toFixed(4)}`);
        const mixed = new FaultsInForce([rule], seed);
        const seen = { a: '', b: '', c: '' };
        for (const endpoint of order) {
          seen[endpoint] += struck(mixed, endpoint, 1);
        }
        for (const endpoint of ['a', 'b', 'c'] as const) {
          const alone = new FaultsInForce([rule], seed);
          expect(struck(alone, endpoint, seen[endpoint].length)).toBe(seen[endpoint]);
        }
      },
    ),
  );
});

it('gives other verdicts for another seed, rule text or endpoint', () => {
  const base = run('GET /a reset p=0.5', 1, 64);
  expect(run('GET /a reset p=0.5', 2, 64)).not.toBe(base);
  expect(run('GET /a reset p=0.50', 1, 64)).not.toBe(base);
  const other = new FaultsInForce([parseFault('GET /a reset p=0.5')], 1);
  expect(struck(other, 'f', 64)).not.toBe(base);
});

it('does not count requests that a rule is not about', () => {
  const faults = new FaultsInForce([parseFault('POST /a reset first=1')], 1);
  expect(faults.about('GET', 'h', '/a', 'e')).toEqual([]);
  expect(strikeAll(faults.about('POST', 'h', '/a', 'e'), PLAN).fired).toHaveLength(1);
});

it('passes the plan through every rule in order', () => {
  const faults = new FaultsInForce(
    [parseFault('* /** latency=10ms'), parseFault('* /** status=503')],
    1,
  );
  const { plan, fired, usesUp } = strikeAll(faults.about('GET', 'h', '/a', 'e'), PLAN);
  expect(plan.map(({ kind }) => kind)).toEqual(['wait', 'head', 'chunk', 'end']);
  expect(fired.map(({ text }) => text)).toEqual(['* /** latency=10ms', '* /** status=503']);
  expect(usesUp).toBe(false);
});

it('does not call a rule fired that had nothing to alter', () => {
  const faults = new FaultsInForce([parseFault('* /** truncate=50% times=1')], 1);
  const empty = strikeAll(faults.about('GET', 'h', '/a', 'e'), PLAN);
  expect(empty.plan).toBe(PLAN);
  expect(empty.fired).toEqual([]);
  expect(empty.usesUp).toBe(true);
});
