import { visible } from '@calltape/store';
import { expect, test } from 'vitest';

test.each([
  ['clear screen', '\u001b[2J', '␛[2J'],
  ['clipboard write', '\u001b]52;c;aGk=\u0007', '␛]52;c;aGk=␇'],
  ['C1 control', '\u009b31m', '‹009B›31m'],
  ['carriage return', 'real\rfake', 'real␍fake'],
  ['delete', '\u007f', '␡'],
  ['right-to-left override', 'a\u202eb', 'a‹202E›b'],
  ['zero width space', 'a\u200bb', 'a‹200B›b'],
  ['line separator', 'a\u2028b', 'a‹2028›b'],
  ['tag character', 'a\u{e0041}b', 'a‹E0041›b'],
  ['variation selector', '\u26a0\ufe0f', '\u26a0‹FE0F›'],
  ['lone surrogate', 'a\ud800b', 'a‹D800›b'],
  ['private use', '\ue000', '‹E000›'],
  ['crowd of marks', `a${'\u0301'.repeat(50)}b`, 'a\u0301\u0301b'],
  ['ordinary text', 'Zürich 東京 naïve ▲', 'Zürich 東京 naïve ▲'],
])('%s', (_name, hostile, shown) => {
  expect(visible(hostile)).toBe(shown);
});

test('bodies keep their lines', () => {
  expect(visible('{\n\t"a": "\u001b"\n}', true)).toBe('{\n  "a": "␛"\n}');
  expect(visible('a\nb')).toBe('a␊b');
});
