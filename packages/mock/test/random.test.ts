import { expect, it } from 'vitest';
import { randomAt, seedOf } from '../src/random.ts';

function draws(words: readonly (string | number)[], count: number): number[] {
  const seed = seedOf(words);
  return Array.from({ length: count }, (_, n) => randomAt(seed, n)());
}

it('gives the same numbers for the same words and place', () => {
  expect(draws([7, 'rule', 'endpoint'], 50)).toEqual(draws([7, 'rule', 'endpoint'], 50));
  expect(draws([7, 'rule', 'endpoint'], 5)).not.toEqual(draws([8, 'rule', 'endpoint'], 5));
});

it('does not confuse words that join to the same text', () => {
  expect(seedOf(['a', 'b,c'])).not.toEqual(seedOf(['a,b', 'c']));
  expect(seedOf([1, 'a'])).not.toEqual(seedOf(['1', 'a']));
});

it('spreads evenly over the places of one seed and over seeds', () => {
  const one = draws([1, 'rule', 'endpoint'], 20_000);
  const many = Array.from({ length: 5_000 }, (_, seed) => draws([seed, 'r', 'e'], 1)[0] ?? 2);
  for (const sample of [one, many]) {
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = sample.filter((x) => Math.floor(x * 10) === tenth).length / sample.length;
      expect(share).toBeCloseTo(0.1, 1);
    }
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  }
});

it('is not correlated from one place to the next', () => {
  const sample = draws([3, 'rule', 'endpoint'], 20_000);
  const pairs = sample.slice(1).map((x, at) => (x - 0.5) * ((sample[at] ?? 0) - 0.5));
  const covariance = pairs.reduce((sum, x) => sum + x, 0) / pairs.length;
  expect(Math.abs(covariance)).toBeLessThan(0.004);
});
