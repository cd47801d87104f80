// A long text is looked at in pieces: every key and name is found wherever it stands in it.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSuspect } from '../src/redact-hint.ts';
import { KEY, KEY_HINT } from '../src/redact-keys.ts';
import { NAME_HINT } from '../src/redact-names.ts';

const FILLER = '.,.,{"x":"plain words"} ';
const LENGTHS = [0, 150, 199, 200, 201, 2000, 16_384, 50_000];

function fill(length: number): string {
  return FILLER.repeat(Math.ceil(length / FILLER.length)).slice(0, length);
}

/** A text of the length at least, with another at one place of it. */
function around(hint: string, length: number, at: number): string {
  return fill(at) + hint + fill(Math.max(0, length - at - hint.length));
}

const plain = (source: string): RegExp =>
  new RegExp(`^(?:${source.replace(/\\b|\(\?[!<]+[^)]*\)/g, '')})$`);

test('the filler is not suspect itself', () => {
  for (const length of LENGTHS) expect([length, isSuspect(fill(length))]).toEqual([length, false]);
});

test.each([
  ['names', NAME_HINT, 'i'],
  ['keys', KEY_HINT, ''],
] as const)('%s at the start, in the middle and at the end', (_what, source, flags) => {
  fc.assert(
    fc.property(fc.stringMatching(plain(source)), fc.constantFrom(...LENGTHS), (hint, length) => {
      fc.pre(new RegExp(source, flags).test(hint));
      for (const at of [0, 1, Math.floor(length / 2), Math.max(0, length - hint.length)]) {
        expect([hint, length, at, isSuspect(around(` ${hint} `, length, at))]).toEqual([
          hint,
          length,
          at,
          true,
        ]);
      }
    }),
    { numRuns: 1500 },
  );
});

test('at every place around the end of a piece', () => {
  const secrets = [
    'sk_live_51HabcDEFghiJKLmno',
    'AKIAIOSFODNN7EXAMPLE',
    '"password":"x"',
    'Bearer abc',
  ];
  for (const secret of secrets) {
    for (const end of [16_384, 32_760, 49_136]) {
      for (let at = end - secret.length - 8; at < end + 8; at += 1) {
        expect([secret, at, isSuspect(around(` ${secret} `, 60_000, at))]).toEqual([
          secret,
          at,
          true,
        ]);
      }
    }
  }
});

test('also in text beyond latin1', () => {
  for (const length of LENGTHS) {
    const text = `${'\u4e16\u754c '.repeat(length)} ghp_0123456789abcdefABCDEF0123456789abcd`;
    expect(new RegExp(KEY).test(text)).toBe(true);
    expect(isSuspect(text)).toBe(true);
  }
});
