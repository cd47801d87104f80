// The checks that `npm test` runs are held to finding what they are there for.

import { describe, expect, test } from 'vitest';
import { docProblems, type Facts } from '../scripts/check-docs.ts';
import { graphProblems, type PackageSource } from '../scripts/check-graph.ts';
import { importSpecifiers } from '../scripts/import-specifiers.ts';
import { markdownParts } from '../scripts/markdown-parts.ts';
import { shellCommands } from '../scripts/shell-words.ts';
import { countTests } from '../scripts/test-counts.ts';

function mock(files: Record<string, string>, declared: string[] = ['store']): PackageSource {
  const uses = declared.map((name) => `import '@calltape/${name}';`).join('\n');
  return {
    folder: 'mock',
    declared,
    files: new Map(Object.entries({ 'uses.ts': uses, ...files })),
  };
}

describe('the package graph', () => {
  test('has nothing to say of a package that follows it', () => {
    const files = { 'index.ts': "export { a } from './a.ts';", 'a.ts': 'export const a = 1;' };
    expect(graphProblems([mock(files)])).toEqual([]);
  });

  test.each([
    [
      'an import of a sibling that the graph does not allow',
      mock({ 'a.ts': "import { startProxy } from '@calltape/proxy';" }, ['store', 'proxy']),
      'packages/mock: may not depend on proxy',
    ],
    [
      'an import that package.json does not name',
      mock({ 'a.ts': "import type { Tape } from '@calltape/store';" }, []),
      'packages/mock: imports store, which its package.json does not name',
    ],
    [
      'a dependency that nothing imports',
      { folder: 'mock', declared: ['store'], files: new Map() },
      'packages/mock: its package.json names store, which it never imports',
    ],
    [
      "an import of the package's own index",
      mock({ 'faults/a.ts': "import { plan } from '../index.ts';" }),
      "packages/mock/src/faults/a.ts: imports its own package's index.ts; import the file itself",
    ],
    [
      'an import of another package by path',
      mock({ 'a.ts': "const tape = await import('../../store/src/tape.ts');" }),
      "packages/mock/src/a.ts: imports ../../store/src/tape.ts, outside its package's src",
    ],
    [
      'a cycle of files',
      mock({
        'a.ts': "import './b.ts';",
        'b.ts': "export * from './c.ts';",
        'c.ts': "import './a.ts';",
      }),
      'packages/mock: import cycle a.ts > b.ts > c.ts > a.ts',
    ],
    [
      'a package nobody planned',
      { folder: 'misc', declared: [], files: new Map() },
      'packages/misc: not in the graph of packages',
    ],
  ])('names %s', (_what, source, problem) => {
    expect(graphProblems([source])).toEqual([problem]);
  });

  test('sees every form of import, and none in comments', () => {
    const source = `
      import a, {
        b,
      } from './1.ts';
      import './2.ts';
      import type { C } from "./3.ts";
      export * from './4.ts';
      export { d } from './5.ts';
      const e = await import('./6.ts');
      // import f from './no.ts';
      /* import g from './no.ts'; */
    `;
    expect(importSpecifiers(source).toSorted()).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((name) => `./${name}.ts`),
    );
  });
});

describe('the documentation', () => {
  const files = new Set(['docs', 'docs/other.md', 'packages', 'packages/cli', 'scripts/check.ts']);
  const facts: Facts = {
    exists: (path) => files.has(path.replace(/\/$/, '')),
    fileNames: new Set(['check.ts']),
    npmScripts: new Set(['start', 'test']),
    flags: new Set(['--port', '-o']),
    anchorsOf: (path) => (path === 'docs/other.md' ? new Set(['there']) : null),
  };
  const problemsIn = (markdown: string): string[] => docProblems('docs/a.md', markdown, facts);

  test.each([
    ['a path', 'See `packages/cli` and `packages/cli/`, `check.ts`, `scripts/check.ts`.'],
    [
      'a link',
      '[x](other.md), [x](other.md#there), [x](https://example.com/no.md), [x](#top)\n# Top',
    ],
    ['a flag', 'Use `--port 80`, `--port=80` or `-o`.'],
    ['a command', '```sh\n$ calltape record https://api.example.com --port 0  # comment\n```'],
    ['a command in a pipe', '```sh\nCALLTAPE_TAPE=a.tape calltape calls --json | head -1\n```'],
    ['a command over two lines', "```sh\ncalltape mock \\\n  --fault 'GET /a status=500'\n```"],
    ['an npm script', '```sh\nnpm start\nnpm run test\n```'],
    ['what is no path', '`POST /v1/charges`, `application/json`, `calls.tape`, `a/b`, `x.status`'],
    ['a pattern', '`calltape mock [TAPE…]`'],
  ])('may name %s that is there', (_what, markdown) => {
    expect(problemsIn(markdown)).toEqual([]);
  });

  test.each([
    ['a path', 'one\n\n`packages/gone`', 'docs/a.md:3: there is no packages/gone'],
    ['a file', '`gone.ts`', 'docs/a.md:1: there is no gone.ts'],
    ['a link', '[x](gone.md)', 'docs/a.md:1: the link gone.md leads nowhere'],
    ['a heading', '[x](other.md#gone)', 'the link other.md#gone names no heading there'],
    ['a heading of its own', '[x](#gone)', 'the link #gone names no heading there'],
    ['a flag', '`--prot 80`', 'docs/a.md:1: there is no flag --prot'],
    ['a command', '```sh\ncalltape recrod x\n```', 'docs/a.md:2: calltape recrod x: There is no'],
    ['a flag of a command', '```sh\nls | calltape calls --prot 3\n```', 'has no flag --prot'],
    ['a command inside a line', 'Run `calltape calls --prot`.', 'has no flag --prot'],
    ['a fault', "`calltape mock --fault 'GET /a explode'`", 'No kind of fault is called that'],
    ['an npm script', '```sh\nnpm run gone\n```', 'docs/a.md:2: there is no npm script gone'],
    ['a script', '```sh\nnode scripts/gone.ts\n```', 'docs/a.md:2: there is no scripts/gone.ts'],
  ])('may not name %s that is not there', (_what, markdown, problem) => {
    expect(problemsIn(markdown)).toEqual([expect.stringContaining(problem)]);
  });

  test('is not read inside blocks of other languages', () => {
    const { spans, shellLines } = markdownParts('```ts\n`packages/gone`\ncalltape x\n```\n`y`');
    expect([spans, shellLines]).toEqual([[{ line: 5, text: 'y' }], []]);
  });
});

test.each([
  [`a 'b c' "d \\"e" f\\ g`, [['a', 'b c', 'd "e', 'f g']]],
  ['a > b 2>&1 | c && d; e', [['a'], ['b'], ['1'], ['c'], ['d'], ['e']]],
  ['a b#c # d', [['a', 'b#c']]],
  [`a ''`, [['a', '']]],
  ['# nothing', []],
  [`eval "$(a 'b c' | d)" e`, [['eval', 'e'], ['a', 'b c'], ['d']]],
])('the shell line %j is read as its commands', (line, commands) => {
  expect(shellCommands(line)).toEqual(commands);
});

describe('the last line of npm test', () => {
  const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };
  const broken = { status: 'failed', assertionResults: [] };
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };

  test.each([
    [
      'counts what passed',
      { numPassedTests: 1, numFailedTests: 0, testResults: [passed] },
      true,
      0,
    ],
    [
      'counts a failed test once',
      { numPassedTests: 0, numFailedTests: 1, testResults: [failed] },
      false,
      1,
    ],
    [
      'counts a file that did not load',
      { numPassedTests: 1, numFailedTests: 0, testResults: [passed, broken] },
      false,
      1,
    ],
    [
      'never calls a bad end a success',
      { numPassedTests: 1, numFailedTests: 0, testResults: [passed] },
      false,
      1,
    ],
  ])('%s', (_what, report, endedWell, failures) => {
    expect(countTests(report, endedWell)).toEqual({
      passed: report.numPassedTests,
      failed: failures,
    });
  });
});
