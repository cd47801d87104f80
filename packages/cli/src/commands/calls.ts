import { openTape, type CallRow } from '@calltape/store';
import { CALL_COLUMNS, callJson } from '../call-row.ts';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { endedCalls } from '../follow-calls.ts';
import { jsonLine, type Output } from '../output.ts';
import { stopSignal } from '../stop-signal.ts';
import type { CallsFlags } from '../tables/calls.ts';
import { furtherLines, textTable, type Column } from '../text-table.ts';

export const calls: Run<CallsFlags> = async ({ flag, arguments: words, tape: file, output }) => {
  const tape = openTape(file);
  try {
    const query = callQuery(tape, words, flag('recording'));
    const stop = flag('follow') ? stopSignal() : null;
    const head = tape.head();
    const listed = tape.calls({ ...query, limit: flag('limit'), order: 'desc' }).toReversed();
    // A call under way is told of when it ends.
    const rows = stop === null ? listed : listed.filter(({ outcome }) => outcome !== 'pending');
    if (stop === null && rows.length === 0 && !output.json) {
      output.talk(words.length === 0 ? `No calls on ${file}.` : `No calls on ${file} match.`);
      return EXIT.done;
    }
    await printRows(rows, output, textTable, stop === null ? CALL_COLUMNS : STEADY_COLUMNS);
    if (stop === null) return EXIT.done;
    for await (const ended of endedCalls(tape, query, head, stop.asked)) {
      await printRows(ended, output, furtherLines, STEADY_COLUMNS);
    }
    return EXIT.done;
  } finally {
    tape.close();
  }
};

const LEAST_WIDTHS = [5, 19, 7, 12, 8, 8, 0];
const STEADY_COLUMNS: readonly Column<CallRow>[] = CALL_COLUMNS.map((column, at) => ({
  ...column,
  least: LEAST_WIDTHS[at] ?? 0,
}));

async function printRows(
  rows: readonly CallRow[],
  output: Output,
  asText: typeof textTable,
  columns: readonly Column<CallRow>[],
): Promise<void> {
  if (!output.json) await output.data(asText(rows, columns, output));
  else for (const row of rows) await output.data(jsonLine(callJson(row)));
}
