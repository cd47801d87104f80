import { openTape } from '@calltape/store';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { exportRedaction } from '../export-redaction.ts';
import { EXPORTERS } from '../exporters.ts';
import { writeFileWhole } from '../output-file.ts';
import { harmlessJson, type Output } from '../output.ts';
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
    const written = write(redaction?.exchanges(recorded) ?? recorded, {
      leaveOut: (why) => leftOut.set(why, (leftOut.get(why) ?? 0) + 1),
      messagesOf: redaction?.messagesOf ?? ((id) => tape.messages(id)),
    });
    const total = tape.count(query);
    const pieces = withProgress(written, { doing: 'Exporting', unit: 'call', total }, output);
    const target = flag('output');
    if (target !== undefined) await writeFileWhole(target, pieces, flag('force'));
    else await writeToStdout(pieces, isJson, output);
    const calls = total - reportLeftOut(leftOut, output);
    const replaced = redaction?.summary() ?? null;
    if (replaced !== null) output.talk(replaced);
    if (target !== undefined) {
      output.talk(`Wrote ${counted(calls, 'call')} of ${file} to ${target}.`);
    }
    return EXIT.done;
  } finally {
    tape.close();
  }
};

async function writeToStdout(
  pieces: AsyncIterable<string>,
  isJson: boolean,
  output: Output,
): Promise<void> {
  for await (const piece of pieces) await output.data(isJson ? harmlessJson(piece) : piece);
}

/** How many calls were left out. */
function reportLeftOut(leftOut: ReadonlyMap<string, number>, output: Output): number {
  let all = 0;
  for (const [why, calls] of leftOut) {
    all += calls;
    output.talk(`Left out ${counted(calls, 'call')}: ${why}.`);
  }
  return all;
}
