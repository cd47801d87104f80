import { expect, test } from 'vitest';
import { jsonFaultAt } from '../src/json-fault-at.ts';

test.each([
  ['{"a": }', '}'],
  ['[1, 2,, 3]', ', 3]'],
  ['{"a": 1,\n "b" 2}', '2}'],
  ['{"a": 1 "b": 2}', '"b"'],
  ['[1}', '}'],
  ['{"a": 01}', '1}'],
  ["{'a': 1}", "'a'"],
  ['{"a": tru}', 'tru}'],
  ['{"a": "x\ny"}', '"x'],
  ['[1] [2]', '[2]'],
  ['[1], 2', ', 2'],
  ['{"a": 1,}', '}'],
])('%s is no JSON from %s on', (text, rest) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(text.slice(jsonFaultAt(text)).startsWith(rest)).toBe(true);
});

test.each(['', '{"a": [1, {"b": ', '["\\u00e9", true, -1.5e3, null'])(
  '%s ends too early',
  (text) => {
    expect(jsonFaultAt(`${text}\n`)).toBe(text.trimEnd().length);
  },
);
