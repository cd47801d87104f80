import { describe, expect, test } from 'vitest';
import { drawnText } from '../src/pattern/drawn-text.ts';
import { readPattern, WrongPattern } from '../src/pattern/syntax.ts';
import { wholeMatch } from '../src/pattern/whole-match.ts';
import { randomAt, seedOf } from '../src/random.ts';

const FITS: readonly [pattern: string, texts: readonly string[], others: readonly string[]][] = [
  ['.*', ['', 'a\nb', '😀'], []],
  ['/one/(.*?)/three', ['/one/two/three', '/one//three'], ['/one/two/three/', '/one/three']],
  ['[a-c]+\\d{2,3}', ['a12', 'abc123'], ['a1', 'a1234', 'd12']],
  ['a|bc|', ['a', 'bc', ''], ['b', 'abc']],
  ['(ab){2}', ['abab'], ['ab', 'ababab']],
  ['(?:x(?:y)?)*', ['', 'xxyx'], ['y']],
  ['^/v1/\\w+$', ['/v1/a_1'], ['/v1/', '/v1/a/b']],
  ['\\Qno\\E', [], []],
  ['\\/a\\-b\\.c', ['/a-b.c'], ['/a-bxc']],
  ['[^/]+', ['abc', '€'], ['a/b', '']],
  ['[\\w.+-]+@[\\w-]+\\.[a-z]{2,}', ['a.b+c@d-e.com'], ['a@b', 'a b@c.com']],
  ['(?i)abc', ['aBC'], ['abd']],
  ['\\p{Lu}x?', ['É', 'Ax'], ['é']],
  ['a{0}', [''], ['a']],
];

describe('a pattern', () => {
  test.each(FITS.filter(([, texts]) => texts.length > 0))(
    '%s fits the whole of a text',
    (pattern, texts, others) => {
      const fits = wholeMatch(pattern);
      for (const text of texts) expect([text, fits(text)]).toEqual([text, true]);
      for (const text of others) expect([text, fits(text)]).toEqual([text, false]);
    },
  );

  test('does not hang, whatever it is', () => {
    const fits = wholeMatch('(a+)+(a*)*(a|a)*b');
    const started = performance.now();
    expect(fits('a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    '(?=a)b',
    '(a)\\1',
    'a(',
    'a)',
    '*a',
    'a{5,2}',
    'a{5000}',
    '(?<!a)b',
    '\\bword',
    'a++',
  ])('%s is refused', (pattern) => {
    expect(() => wholeMatch(pattern)).toThrow(WrongPattern);
  });

  test.each([
    '[A-Z]{3}-\\d{4}',
    '(foo|bar)\\.[a-f0-9]{8}',
    '^\\+?[1-9]\\d{1,14}$',
    'x*y+z?',
    '[^a-y]{2}',
  ])('%s fits what is drawn from it', (pattern) => {
    const fits = wholeMatch(pattern);
    for (let n = 1; n <= 50; n += 1) {
      const text = drawnText(readPattern(pattern), randomAt(seedOf([pattern]), n));
      expect([text, fits(text)]).toEqual([text, true]);
    }
  });
});
