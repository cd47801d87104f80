import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CARD_HINT } from '../src/redact-cards.ts';
import { isSuspect } from '../src/redact-hint.ts';
import { KEY_HINT } from '../src/redact-keys.ts';
import { NAME_HINT } from '../src/redact-names.ts';

const plain = (source: string): RegExp =>
  new RegExp(`^(?:${source.replace(/\\b|\(\?[!<]+[^)]*\)/g, '')})$`);

test('every text that a hint is in is suspect', () => {
  for (const source of [NAME_HINT, KEY_HINT, CARD_HINT]) {
    fc.assert(
      fc.property(fc.stringMatching(plain(source)), (hint) => {
        for (const text of [hint, `{"${hint}":1}`, ` ${hint.toUpperCase()} `]) {
          const isIn = new RegExp(NAME_HINT, 'i').test(text) || new RegExp(KEY_HINT).test(text);
          expect([text, isSuspect(text)]).toEqual([text, isIn || new RegExp(CARD_HINT).test(text)]);
        }
      }),
      { numRuns: 2000 },
    );
  }
});

test('ordinary texts are not', () => {
  for (const text of [
    '{"id":"cus_9s6XKzkNRiz8i3","email":"jenny@example.com","created":1700000000}',
    'https://api.example.com/v1/items?limit=10&starting_after=obj_1',
    '{"keywords":["monkey","donkey"],"designation":"assembled","author":"south"}',
  ]) {
    expect([text, isSuspect(text)]).toEqual([text, false]);
  }
});
