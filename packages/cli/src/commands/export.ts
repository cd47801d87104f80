import { openTape, toHar } from '@calltape/store';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
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
    const total = tape.count(query);
    const har = withProgress(
      toHar(tape.exchanges(query), (id) => tape.messages(id)),
      { doing: 'Exporting', unit: 'call', total },
      output,
    );
    const target = flag('output');
    if (target === undefined) {
      for await (const piece of har) await output.data(harmlessJson(piece));
    } else {
      await writeFileWhole(target, har, flag('force'));
      output.talk(`Wrote ${counted(total, 'call')} of ${file} to ${target}.`);
    }
    return EXIT.done;
  } finally {
    tape.close();
  }
};
