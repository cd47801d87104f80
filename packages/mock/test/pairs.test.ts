import { expect, it } from 'vitest';
import { canonicalPairs, parsePairs, queryPairs } from '../src/pairs.ts';

function canonical(query: string): string {
  return JSON.stringify(canonicalPairs(queryPairs(query)));
}

it('takes a query as a set whose repeated names keep their order', () => {
  expect(canonical('a=1&b=2')).toBe(canonical('b=2&a=1'));
  expect(canonical('a=1&a=2')).not.toBe(canonical('a=2&a=1'));
  expect(canonical('a=1&b=3&a=2')).toBe(canonical('b=3&a=1&a=2'));
  expect(canonical('a=1')).not.toBe(canonical('a=1&a=1'));
});

it('compares what is encoded, not how', () => {
  expect(canonical('q=a+b')).toBe(canonical('q=a%20b'));
  expect(canonical('q=%7e')).toBe(canonical('q=~'));
  expect(canonical('a')).toBe(canonical('a='));
  expect(canonical('')).toBe(canonical('&'));
  expect(canonical('q=%')).not.toBe(canonical('q=%25'.concat('x')));
});

it('cannot be fooled by separators inside names and values', () => {
  expect(canonical('a=1%26b%3D2')).not.toBe(canonical('a=1&b=2'));
  expect(canonical('a%3D1=')).not.toBe(canonical('a=1'));
});

it('leaves out what OAuth 1.0 draws anew for each request', () => {
  expect(canonical('a=1&oauth_nonce=x&oauth_timestamp=1')).toBe(canonical('oauth_nonce=y&a=1'));
  expect(parsePairs('oauth_token=x')).toHaveLength(1);
});
