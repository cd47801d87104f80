import { openTape, visible, type EndpointRow } from '@calltape/store';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine } from '../output.ts';
import { textTable, type Column } from '../text-table.ts';
import { isoTime, secondText } from '../units.ts';

const COLUMNS: readonly Column<EndpointRow>[] = [
  { title: 'METHOD', align: 'left', cell: (row) => visible(row.method) },
  { title: 'ENDPOINT', align: 'left', cell: (row) => visible(row.origin + row.template) },
  { title: 'CALLS', align: 'right', cell: (row) => String(row.calls) },
  { title: 'ERRORS', align: 'right', cell: (row) => String(row.errors) },
  { title: 'LAST SEEN (UTC)', align: 'left', cell: (row) => secondText(row.lastSeen) },
];

export const endpoints: Run<unknown> = async ({ tape: file, output }) => {
  const tape = openTape(file);
  try {
    const rows = tape.endpoints();
    if (!output.json) await output.data(textTable(rows, COLUMNS, output));
    else for (const row of rows) await output.data(jsonLine(endpointJson(row)));
    return EXIT.done;
  } finally {
    tape.close();
  }
};

/** An endpoint under the column names of the tape's `endpoints` view. */
function endpointJson(row: EndpointRow): Readonly<Record<string, string | number>> {
  return {
    method: row.method,
    origin: row.origin,
    template: row.template,
    calls: row.calls,
    errors: row.errors,
    first_seen: isoTime(row.firstSeen),
    last_seen: isoTime(row.lastSeen),
  };
}
