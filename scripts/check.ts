// Everything `npm test` checks, after the set-up: each stage on a line with its time, the output of
// a failing one in full, and at the end what the tests really counted.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { filesMatching, ROOT } from './source-files.ts';
import { countTests, type TestCounts } from './test-counts.ts';
import { toolFile } from './tool-file.ts';

interface Stage {
  readonly name: string;
  /** Node's arguments; several commands run one after the other. */
  readonly commands: readonly (readonly string[])[];
}

const REPORT = resolve(ROOT, 'node_modules/.cache/vitest-report.json');

const STAGES: readonly Stage[] = [
  { name: 'format', commands: [[toolFile('oxfmt'), '--check', '.']] },
  { name: 'lint', commands: [[toolFile('oxlint')]] },
  { name: 'types', commands: [[toolFile('typescript', 'tsc'), '-b']] },
  { name: 'unused code', commands: [[toolFile('knip'), '--no-progress']] },
  { name: 'package graph', commands: [['scripts/check-graph.ts']] },
  { name: 'docs', commands: [['scripts/check-docs.ts']] },
  {
    name: 'packages as published',
    commands: filesMatching('packages/*/package.json').map((manifest) => [
      toolFile('publint'),
      'run',
      manifest.replace('/package.json', ''),
      '--strict',
      '--pack',
      'false',
    ]),
  },
];

function runStage({ name, commands }: Stage): boolean {
  const start = performance.now();
  const failures = commands.flatMap((args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return status === 0 ? [] : [`${stdout}${stderr}`];
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  for (const output of failures) console.log(output);
  return failures.length === 0;
}

/** Runs the tests; null when they could not even be run. */
function runTests(args: readonly string[]): TestCounts | null {
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { status } = spawnSync(
    process.execPath,
    [toolFile('vitest'), 'run', ...reporters, ...args],
    { cwd: ROOT, stdio: 'inherit' },
  );
  try {
    return countTests(JSON.parse(readFileSync(REPORT, 'utf8')), status === 0);
  } catch {
    return null;
  }
}

const failedStages = STAGES.filter((stage) => !runStage(stage)).map(({ name }) => name);
const counts = runTests(process.argv.slice(2)) ?? { passed: 0, failed: 1 };
if (failedStages.length > 0) console.log(`Failed before the tests: ${failedStages.join(', ')}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && failedStages.length === 0 ? 0 : 1;
