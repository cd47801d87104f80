import {
  openPruner,
  openTape,
  type PrunePlan,
  type PruneRequest,
  type Pruner,
  type TapeQuery,
} from '@calltape/store';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine, type Output } from '../output.ts';
import { startProgress } from '../progress.ts';
import type { PruneFlags } from '../tables/prune.ts';
import { counted, sizeText } from '../units.ts';
import { retentionOf } from '../writer-flags.ts';

export const prune: Run<PruneFlags> = async ({ flag, arguments: words, tape: file, output }) => {
  const keep = retentionOf(flag);
  const recording = flag('recording');
  if (words.length === 0 && recording === undefined && Object.keys(keep).length === 0) {
    throw new CliError(
      'ARGUMENT_MISSING',
      'calltape prune needs to know what may go: a FILTER, or --keep, --keep-size or --keep-calls.',
    );
  }
  const request = { ...selection(file, words, recording), keep };
  const pruner = openPruner(file);
  try {
    const plan = pruner.plan(request);
    if (flag('dry-run')) {
      const event = { tape: file, calls: plan.ids.length, bytes: plan.bytes, dry_run: true };
      if (output.json) await output.data(jsonLine(event));
      output.talk(
        `Would delete ${counted(plan.ids.length, 'call')} (${sizeText(plan.bytes)}) of ${file}.`,
      );
      return EXIT.done;
    }
    const before = pruner.size;
    const calls = await carryOut(pruner, plan, request, output);
    if (!pruner.emptyLog()) {
      output.warn(
        `"${file}" is in use: its log, ${file}-wal, holds what was deleted until it is emptied next.`,
      );
    }
    const event = { tape: file, calls, bytes: plan.bytes, dry_run: false };
    const sizes = { file_bytes: pruner.size, freed_bytes: before - pruner.size };
    if (output.json) await output.data(jsonLine({ ...event, ...sizes }));
    output.talk(
      `Deleted ${counted(calls, 'call')} (${sizeText(plan.bytes)}) of ${file}; ` +
        `its file went from ${sizeText(before)} to ${sizeText(pruner.size)}.`,
    );
    return EXIT.done;
  } finally {
    pruner.close();
  }
};

function selection(
  file: string,
  words: readonly string[],
  recording: string | undefined,
): TapeQuery {
  const tape = openTape(file);
  try {
    return callQuery(tape, words, recording);
  } finally {
    tape.close();
  }
}

async function carryOut(
  pruner: Pruner,
  plan: PrunePlan,
  request: PruneRequest,
  output: Output,
): Promise<number> {
  const work = { doing: 'Deleting', unit: 'call', total: plan.ids.length };
  const progress = startProgress(work, output);
  let calls = 0;
  try {
    for (const gone of pruner.run(plan, request)) {
      await progress.step(gone - calls);
      calls = gone;
    }
    return calls;
  } finally {
    progress.end();
  }
}
