import { HarValidator } from '@har-sdk/validator';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHar } from '../src/har-export.ts';
import { anyExchange } from './har-arbitrary.ts';

test('a published validator of HAR 1.2 finds nothing wrong with what is written', async () => {
  const validator = new HarValidator();
  await fc.assert(
    fc.asyncProperty(fc.array(anyExchange, { minLength: 1, maxLength: 4 }), async (exchanges) => {
      const har = JSON.parse([...toHar(exchanges)].join(''));
      const errors = await validator.verify(har);
      // The validator knows fewer methods than there are (RFC 9110 section 16.1).
      const own = errors.filter(({ instancePath }) => !instancePath.endsWith('/request/method'));
      expect(own).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
