import { expect, test } from 'vitest';
import { shellCommands } from '../../../scripts/shell-words.ts';
import { sameAgain } from '../src/same-again.ts';
import { MOCK } from '../src/tables/mock.ts';
import { RUN } from '../src/tables/run.ts';

test('has every flag as it was typed, and the seed that was drawn', () => {
  const given = new Map([
    ['fault', ["* /it's status=503 p=0.5", '* /** reset first=1']],
    ['match', ['-body', 'header:accept']],
    ['route', ['/slack=https://slack.com', '/s=https://api.stripe.com']],
    ['upstream', ['https://old.example', 'https://api.example.com']],
    ['recording', ['-x']],
    ['tls', ['']],
    ['seed', ['3']],
  ]);
  const line = sameAgain({
    words: ['mock', 'a b.tape'],
    table: MOCK.flags,
    given,
    seed: 4_000_000,
  });
  const words = ['calltape', 'mock', 'a b.tape', '--seed', '4000000', '--tls'];
  expect(shellCommands(line)).toEqual([
    [
      ...words,
      '--route',
      '/slack=https://slack.com',
      '--route',
      '/s=https://api.stripe.com',
      '--fault',
      "* /it's status=503 p=0.5",
      '--fault',
      '* /** reset first=1',
      '--match',
      '-body',
      '--match',
      'header:accept',
      '--upstream',
      'https://api.example.com',
      '--recording=-x',
    ],
  ]);
});

test('has a program behind dashes, and no secret', () => {
  const given = new Map([
    ['mock', ['one.tape', 'two.tape']],
    ['fault', ['GET /v1?api_key=sekret-0123456789 status=503']],
    ['upstream-proxy', ['http://ada:sekret@proxy.example:3128']],
  ]);
  const program = ['curl', '-H', 'Authorization: Bearer sekret-9876543210', 'https://a.example'];
  const line = sameAgain({ words: ['run'], table: RUN.flags, given, seed: 7, program });
  expect(line).not.toContain('sekret');
  expect(line).toMatch(/^calltape run --seed 7 --mock one\.tape --mock two\.tape --fault /);
  expect(line).toMatch(/ -- curl -H 'Authorization: Bearer \*\*\*' https:\/\/a\.example$/);
});
