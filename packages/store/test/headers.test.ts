import { expect, test } from 'vitest';
import { header, headerAll, toFlat, toLines } from '../src/headers.ts';
import type { HeaderLine } from '../src/exchange.ts';

const lines: HeaderLine[] = [
  ['Set-Cookie', 'a=1'],
  ['X-Empty', ''],
  ['set-cookie', 'b=2'],
];

test('a name is found whatever its letter case, the first line first', () => {
  expect(header(lines, 'SET-COOKIE')).toBe('a=1');
  expect(header(lines, 'x-empty')).toBe('');
  expect(header(lines, 'x-none')).toBeUndefined();
});

test('all lines of a name come in their order', () => {
  expect(headerAll(lines, 'Set-cookie')).toEqual(['a=1', 'b=2']);
  expect(headerAll(lines, '__proto__')).toEqual([]);
});

test('flat lists and lines turn into each other with order, case and duplicates', () => {
  const flat = ['Set-Cookie', 'a=1', 'X-Empty', '', 'set-cookie', 'b=2'];
  expect(toLines(flat)).toEqual(lines);
  expect(toFlat(toLines(flat))).toEqual(flat);
  expect(toLines(['odd'])).toEqual([]);
});
