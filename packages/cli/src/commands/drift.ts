import { compareAll, groupDrifts, type Drift, type Severity } from '@calltape/drift';
import type { Run } from '../command.ts';
import { readConfig } from '../config-file.ts';
import { driftJson } from '../drift/drift-json.ts';
import { driftText } from '../drift/drift-text.ts';
import { learnSides, type Learned } from '../drift/learn-sides.ts';
import { sideOf, type Side } from '../drift/side.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonLine } from '../output.ts';
import type { DriftFlags, FailOn } from '../tables/drift.ts';

export const drift: Run<DriftFlags> = async ({ flag, tape, output }) => {
  const [before, after] = [flag('baseline'), flag('live')];
  if (before === undefined || after === undefined) {
    throw new CliError('ARGUMENT_MISSING', 'Name two sets of calls with --baseline and --live.');
  }
  const { rules } = readConfig(flag('config'));
  const now = Date.now();
  const sides = [await sideOf(before, tape, now), await sideOf(after, tape, now)] as const;
  const [was, is] = learnSides(sides, rules);
  if (was === undefined || is === undefined) return EXIT.done;
  checkFilled(sides[0], was);
  checkFilled(sides[1], is);
  const { drifts } = compareAll(was.lessons, is.lessons, { alpha: flag('alpha') });
  const sorted = groupDrifts(drifts).flatMap((group) => group.drifts);
  await output.data(
    output.json ? jsonLine(driftJson([was.lessons, is.lessons], sorted)) : driftText(sorted, sides),
  );
  for (const side of sides) side.close();
  return exitCode(sorted, flag('fail-on'));
};

function checkFilled({ name }: Side, { calls }: Learned): void {
  if (calls > 0) return;
  throw new CliError(
    'ARGUMENT_INVALID',
    `There are no calls in "${name}": calltape calls and calltape recordings list what there is.`,
  );
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, breaking: 2 };
const LEAST: Readonly<Record<FailOn, number>> = { any: 0, warning: 1, breaking: 2, none: 3 };

function exitCode(drifts: readonly Drift[], failOn: FailOn): ExitCode {
  return drifts.some(({ severity }) => RANK[severity] >= LEAST[failOn]) ? EXIT.found : EXIT.done;
}
