import { describe, expect, test } from 'vitest';
import { shortAddress } from '../src/address.ts';
import { cellWidth, truncate, truncateMiddle, wrap } from '../src/cells.ts';
import {
  age,
  bytes,
  count,
  duration,
  lengthOfTime,
  milliseconds,
  percent,
  rate,
} from '../src/format.ts';
import { BLOCK } from '../src/glyphs.ts';
import { indentJson } from '@calltape/store';
import { joinThatFit } from '../src/line.ts';
import { edit, insert, type Prompt, promptWith } from '../src/prompt.ts';
import { safe, show } from '../src/safe.ts';
import { sparkOfCounts, sparkOfDurations } from '../src/spark.ts';

const MORE = safe`…`;

describe('numbers', () => {
  test.each([
    [0.04, '0.0'],
    [9.94, '9.9'],
    [9.96, '10'],
    [999.4, '999'],
    [999.6, '1.0s'],
    [99_940, '99.9s'],
    [99_960, '1m39s'],
    [125_000, '2m05s'],
    [11_220_000, '3h07m'],
    [180_000_000, '2d02h'],
  ])('a duration of %d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(5);
  });

  test.each([
    [0, '0%'],
    [0.0001, '<0.1%'],
    [0.024, '2.4%'],
    [0.9999, '99.9%'],
    [1, '100%'],
  ])('a share of %d is %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  test('in all other units', () => {
    expect([0, 12_408, 1_234_567].map(count)).toEqual(['0', '12 408', '1 234 567']);
    expect([4.23, 2004, 123_456].map(milliseconds)).toEqual(['4.2', '2 004', '2m03s']);
    expect([420, 1400, 81_400].map(lengthOfTime)).toEqual(['420 ms', '1.4s', '1m21s']);
    expect([0, 0.05, 42.06, 1240].map(rate)).toEqual(['0/s', '3.0/min', '42.1/s', '1 240/s']);
    expect([0, 310, 2100, 9_800_000, 1e15].map(bytes)).toEqual([
      '0',
      '310',
      '2.1k',
      '9.8M',
      '1000T',
    ]);
    expect([999, 42_900, 180_000, 7_200_000, 4.4e8].map(age)).toEqual([
      'now',
      '42s',
      '3m',
      '2h',
      '5d',
    ]);
  });
});

describe('text in cells', () => {
  test('is measured as a terminal does', () => {
    expect(cellWidth(show('日本語'))).toBe(6);
    expect(cellWidth(show('e\u0301'))).toBe(1);
    expect(cellWidth(show('👍'))).toBe(2);
  });

  test('is cut between characters, never inside of one', () => {
    expect(truncate(show('日本語'), 5, MORE)).toBe('日本…');
    expect(truncateMiddle(show('/v1/customers/cus_1/cards'), 15, MORE)).toBe('/v1/c…s_1/cards');
    expect(wrap(show('日本語'), 4)).toEqual(['日本', '語']);
    expect(wrap(safe``, 4)).toEqual(['']);
  });

  test('an address gives up its host first, from the start', () => {
    const [host, path] = [show('api.stripe.com'), show('/v1/charges')];
    const short = (width: number): string => shortAddress(host, path, width, MORE);
    expect(short(25)).toBe('api.stripe.com/v1/charges');
    expect(short(22)).toBe('…stripe.com/v1/charges');
    expect(short(11)).toBe('/v1/charges');
    expect(short(9)).toBe('/v1…arges');
  });

  test('a list is cut between its parts', () => {
    const parts = [safe`503 12`, safe`500 34`, safe`ECONNRESET 56`];
    const list = (width: number): string => joinThatFit(parts, safe`  `, width, MORE);
    expect(list(40)).toBe('503 12  500 34  ECONNRESET 56');
    expect(list(28)).toBe('503 12  500 34  …');
    expect(list(12)).toBe('503 12  …');
    expect(list(0)).toBe('');
  });
});

describe('a sparkline', () => {
  test('leaves blank what is nothing, and is highest where the value is', () => {
    expect(sparkOfCounts([0, 1, 8], 3, BLOCK)).toBe(' ▂█');
    expect(sparkOfDurations([null, 100, 50], 3, BLOCK)).toBe(' █▅');
  });

  test('puts neighbours together: counts are added, the slower duration stays', () => {
    expect(sparkOfCounts([4, 4, 1, 1], 2, BLOCK)).toBe('█▃');
    expect(sparkOfDurations([1, 7, 7, 7], 2, BLOCK)).toBe('██');
  });
});

describe('JSON', () => {
  test('is indented without a change to any literal', () => {
    expect(indentJson('{"a":[1.0,12345678901234567890,"\\u0041"],"b":{},"c":[]}')).toBe(
      '{\n  "a": [\n    1.0,\n    12345678901234567890,\n    "\\u0041"\n  ],\n  "b": {},\n  "c": []\n}',
    );
  });

  test('is left alone when it is none', () => {
    expect(indentJson('{"a":')).toBeNull();
    expect(indentJson('plain')).toBeNull();
  });
});

function press(prompt: Prompt, ...keys: readonly string[]): Prompt {
  return keys.reduce((before, key) => edit(before, key), prompt);
}

describe('the line that a filter is typed in', () => {
  test('is edited as in a shell', () => {
    const prompt = promptWith('host:a ms>1');
    expect(press(prompt, 'ctrl-w').text).toBe('host:a ');
    expect(press(prompt, 'ctrl-u')).toEqual({ text: '', cursor: 0 });
    expect(press(prompt, 'left', 'left', 'backspace').text).toBe('host:a m>1');
    expect(insert(press(prompt, 'home', 'right'), 'X').text).toBe('hXost:a ms>1');
    expect(insert(press(prompt, 'ctrl-a', 'end'), '2').text).toBe('host:a ms>12');
    expect(press(prompt, 'pagedown')).toBe(prompt);
  });

  test('moves over whole characters and takes text of several lines as one', () => {
    expect(press(promptWith('a👍'), 'backspace').text).toBe('a');
    expect(insert(promptWith(''), 'a\r\n b').text).toBe('a b');
  });
});
