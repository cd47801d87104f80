import { expect, test } from 'vitest';
import { answerProfile } from '../src/endpoint/answer-profile.ts';

test('an answer nested deeper than any stack has a profile as well', () => {
  const lists: unknown = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000));
  const objects: unknown = JSON.parse('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000));
  expect(answerProfile(lists)?.isList).toBe(true);
  expect(answerProfile(objects)?.paths.size).toBe(3);
});
