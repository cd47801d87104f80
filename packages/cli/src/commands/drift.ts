import type { Drift, Severity } from '@calltape/drift';
import { visible } from '@calltape/store';
import type { Run } from '../command.ts';
import { readConfig } from '../config-file.ts';
import { acceptCalls } from '../drift/accept.ts';
import { compareSides } from '../drift/compare-sides.ts';
import type { Asked, Compared } from '../drift/compared.ts';
import { driftJson } from '../drift/drift-json.ts';
import { followDrift } from '../drift/follow-drift.ts';
import { driftText, skippedText } from '../drift/drift-text.ts';
import { ignoreDrift } from '../drift/ignore.ts';
import { showEndpoints, showMutations, type ShownAs } from '../drift/show.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { FlagReader } from '../flag-reader.ts';
import { jsonLine, type Output } from '../output.ts';
import { stopSignal } from '../stop-signal.ts';
import type { DriftFlags, FailOn } from '../tables/drift.ts';
import { counted } from '../units.ts';

export const drift: Run<DriftFlags> = async ({ flag, arguments: words, tape, output }) => {
  const [action, ...rest] = words;
  if (action === 'ignore' || action === 'heed') {
    ignoreDrift(action, needed(action, rest), flag('config'), output);
    return EXIT.done;
  }
  const config = readConfig(flag('config'));
  const asked = askedOf(flag, tape);
  if (flag('follow')) {
    checkFollow(action, asked);
    const stop = stopSignal();
    const followed = followDrift(asked, config, output, stop.asked);
    const drifts = await Promise.race([followed, stop.insisted]);
    return drifts === 'insisted' ? EXIT.interrupted : exitCode(drifts, flag('fail-on'));
  }
  if (action === undefined) {
    const compared = await compareSides(asked, config);
    await tell(compared, output);
    return exitCode(compared.drifts, flag('fail-on'));
  }
  if (action === 'accept') await acceptCalls(asked, config, output);
  else if (action === 'show') await showEndpoints(rest, shownAs(flag), asked, config, output);
  else if (action === 'mutations') {
    await showMutations(needed(action, rest), asked, config, output);
  } else throw unknownAction(action);
  return EXIT.done;
};

function askedOf(flag: FlagReader<DriftFlags>, tape: string): Asked {
  return {
    baseline: flag('baseline'),
    live: flag('live'),
    accepted: flag('accepted'),
    alpha: flag('alpha'),
    tape,
  };
}

function checkFollow(action: string | undefined, { live }: Asked): void {
  const other = live === undefined ? action : '--live';
  if (other === undefined) return;
  throw new CliError(
    'ARGUMENT_INVALID',
    `--follow compares what comes onto --tape: it does not go together with ${visible(other)}.`,
  );
}

function shownAs(flag: FlagReader<DriftFlags>): ShownAs {
  if (flag('openapi')) return 'openapi';
  return flag('schema') ? 'schema' : 'tree';
}

function needed(action: string, words: readonly string[]): readonly string[] {
  if (words.length > 0) return words;
  throw new CliError(
    'ARGUMENT_MISSING',
    `"${action}" needs a further word: see calltape drift --help.`,
  );
}

function unknownAction(action: string): CliError {
  return new CliError(
    'ARGUMENT_INVALID',
    `"${visible(action)}" is no action: take one of accept, ignore, heed, show, mutations, or none to compare.`,
  );
}

async function tell({ drifts, sides, learned, before }: Compared, output: Output): Promise<void> {
  if (output.json) {
    await output.data(jsonLine(driftJson(learned, drifts)));
    return;
  }
  await output.data(driftText(drifts, sides));
  if (drifts.length === 0) {
    const [, after] = learned;
    output.talk(
      `Nothing changed by more than chance: ${before}, ${counted(after.calls, 'call')} now.`,
    );
  }
  const skipped = skippedText(learned);
  if (skipped !== '') output.talk(skipped);
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, breaking: 2 };
const LEAST: Readonly<Record<FailOn, number>> = { any: 0, warning: 1, breaking: 2, none: 3 };

function exitCode(drifts: readonly Drift[], failOn: FailOn): ExitCode {
  return drifts.some(({ severity }) => RANK[severity] >= LEAST[failOn]) ? EXIT.found : EXIT.done;
}
