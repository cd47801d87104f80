import { openTape } from '@calltape/store';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { exportRedaction } from '../export-redaction.ts';
import { EXPORTERS } from '../exporters.ts';
import { writeFileWhole } from '../output-file.ts';
import { harmlessJson } from '../output.ts';
import { withProgress } from '../progress.ts';
import type { ExportFlags } from '../tables/export.ts';
import { counted } from '../units.ts';

export const exportCalls: Run<ExportFlags> = async (invocation) => {
  const { flag, arguments: words, tape: file, output } = invocation;
  const tape = openTape(file);
  try {
    const query = callQuery(tape, words, flag('recording'));
    const redaction = flag('no-redact') ? null : exportRedaction(tape);
    const leftOut = new Map<string, number>();
    const { write, isJson } = EXPORTERS[flag('format')];
    const recorded = tape.exchanges(query);
    const written = write(redaction?.exchanges(recorded) ?? recorded, (why) =>
      leftOut.set(why, (leftOut.get(why) ?? 0) + 1),
    );
    const total = tape.count(query);
    const pieces = withProgress(written, { doing: 'Exporting', unit: 'call', total }, output);
    const target = flag('output');
    if (target === undefined) {
      for await (const piece of pieces) await output.data(isJson ? harmlessJson(piece) : piece);
    } else {
      await writeFileWhole(target, pieces, flag('force'));
    }
    for (const [why, calls] of leftOut) output.talk(`Left out ${counted(calls, 'call')}: ${why}.`);
    const replaced = redaction?.summary() ?? null;
    if (replaced !== null) output.talk(replaced);
    if (target !== undefined) {
      const calls = total - [...leftOut.values()].reduce((sum, one) => sum + one, 0);
      output.talk(`Wrote ${counted(calls, 'call')} of ${file} to ${target}.`);
    }
    return EXIT.done;
  } finally {
    tape.close();
  }
};
