import { expect, it } from 'vitest';
import { nextInSequence } from '../src/sequence.ts';
import type { RepeatMode } from '../src/sequence.ts';

function played(repeat: RepeatMode, count: number): (number | undefined)[] {
  return Array.from({ length: 6 }, (_, used) => nextInSequence(count, used, repeat));
}

it('stays at the last, starts over, or ends', () => {
  expect(played('last', 3)).toEqual([0, 1, 2, 2, 2, 2]);
  expect(played('cycle', 3)).toEqual([0, 1, 2, 0, 1, 2]);
  expect(played('once', 3)).toEqual([0, 1, 2, undefined, undefined, undefined]);
  expect(played('once', 1)).toEqual([0, ...Array.from({ length: 5 })]);
});
