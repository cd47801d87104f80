import { expect, test } from 'vitest';
import { lastChunkText, requestText } from '../src/request-text.ts';

const PARTS = {
  method: 'GET',
  target: '/a?b=\xe9',
  fields: ['Host', 'a', 'x-B', '', 'X-C', '\xff'],
};

test('a head is written as it is', () => {
  expect(requestText(PARTS)).toBe(
    'GET /a?b=\xe9 HTTP/1.1\r\nHost: a\r\nx-B: \r\nX-C: \xff\r\n\r\n',
  );
});

test.each([
  ['a method with a space', { method: 'GET /x' }],
  ['an empty method', { method: '' }],
  ['an empty target', { target: '' }],
  ['a target with a space', { target: '/a HTTP/1.1' }],
  ['a target with a line break', { target: '/a\r\nX: y' }],
  ['a target beyond latin-1', { target: '/\u20ac' }],
  ['a name with a colon', { fields: ['a:', 'b'] }],
  ['an empty name', { fields: ['', 'b'] }],
  ['a value with CR LF', { fields: ['a', 'b\r\nc: d'] }],
  ['a value with LF', { fields: ['a', 'b\nc: d'] }],
  ['a value with NUL', { fields: ['a', '\0'] }],
  ['a value beyond latin-1', { fields: ['a', '\u010d\u010a'] }],
])('%s is not written', (_what, changed) => {
  expect(() => requestText({ ...PARTS, ...changed })).toThrow(TypeError);
});

test('trailers end the last chunk', () => {
  expect(lastChunkText([])).toBe('0\r\n\r\n');
  expect(lastChunkText([['X-Sum', '1']])).toBe('0\r\nX-Sum: 1\r\n\r\n');
});
