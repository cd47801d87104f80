import { openTape } from '@calltape/store';
import { CALL_COLUMNS, callJson } from '../call-row.ts';
import { callQuery } from '../call-query.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine } from '../output.ts';
import type { CallsFlags } from '../tables/calls.ts';
import { textTable } from '../text-table.ts';

export const calls: Run<CallsFlags> = async ({ flag, arguments: words, tape: file, output }) => {
  const tape = openTape(file);
  try {
    const query = callQuery(tape, words, flag('recording'));
    const rows = tape.calls({ ...query, limit: flag('limit'), order: 'desc' }).toReversed();
    if (output.json) {
      for (const row of rows) await output.data(jsonLine(callJson(row)));
    } else if (rows.length === 0) {
      output.talk(words.length === 0 ? `No calls on ${file}.` : `No calls on ${file} match.`);
    } else {
      await output.data(textTable(rows, CALL_COLUMNS, output));
    }
    return EXIT.done;
  } finally {
    tape.close();
  }
};
