import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestWord } from '../src/nearest-word.ts';

test.each([
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['por', 'port', 1],
  ['porrt', 'port', 1],
  ['pork', 'port', 1],
  ['', 'port', 4],
  ['kitten', 'sitting', 3],
])('from %j to %j it takes %i slips', (from, to, slips) => {
  expect(editDistance(from, to)).toBe(slips);
});

test('it is the same in both directions, and 0 only for equal words', () => {
  assert(
    property(string({ maxLength: 8 }), string({ maxLength: 8 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test('the nearest word is named only when it is near', () => {
  const words = ['record', 'recordings', 'mock', 'calls'];
  expect(nearestWord('recrod', words)).toBe('record');
  expect(nearestWord('recordngs', words)).toBe('recordings');
  expect(nearestWord('mcok', words)).toBe('mock');
  expect(nearestWord('dashboard', words)).toBeUndefined();
  expect(nearestWord('', words)).toBeUndefined();
});
