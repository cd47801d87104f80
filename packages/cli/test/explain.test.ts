import { TapeError } from '@calltape/store';
import { expect, test } from 'vitest';
import { CliError } from '../src/errors.ts';
import { explain } from '../src/explain.ts';

test('an error that users can put right is its own sentence', () => {
  const error = new TapeError('TAPE_NOT_FOUND', 'There is no tape "a.tape". Record one.');
  expect(explain(error, false, false)).toEqual({
    text: 'calltape: There is no tape "a.tape". Record one.',
    exit: 2,
  });
  expect(explain(new CliError('PORT_TAKEN', 'Port 1 is taken.'), false, false).exit).toBe(3);
});

test('any other is owned up to, with a stack only on request', () => {
  const error = new TypeError('x is not a function');
  const { text, exit } = explain(error, false, false);
  expect(exit).toBe(3);
  expect(text).toMatch(/^calltape: failed unexpectedly: x is not a function\. [^\n]+$/);
  expect(text).toContain('CALLTAPE_DEBUG=1');
  expect(explain(error, false, true).text).toMatch(/\n {4}at .+explain\.test\.ts/);
  expect(explain('thrown text', false, true).text).toContain('failed unexpectedly: thrown text.');
});

test('with --json it is one JSON value', () => {
  const error = new CliError('FILE_EXISTS', '"a" is already there.');
  expect(JSON.parse(explain(error, true, false).text)).toEqual({
    error: { code: 'FILE_EXISTS', message: '"a" is already there.' },
  });
  expect(JSON.parse(explain(new Error('boom'), true, false).text).error.code).toBe('UNEXPECTED');
});

test('what it quotes does not act on a terminal', () => {
  const error = new CliError('RECORDING_UNKNOWN', 'Did you mean "\u001b[2J\u202e"?');
  expect(explain(error, false, false).text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(explain(error, true, false).text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
