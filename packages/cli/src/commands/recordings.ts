import { openTape, visible, type Recording } from '@calltape/store';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { jsonLine } from '../output.ts';
import { textTable, type Column } from '../text-table.ts';
import { isoTime, secondText } from '../units.ts';

const COLUMNS: readonly Column<Recording>[] = [
  { title: 'STARTED (UTC)', align: 'left', cell: (row) => secondText(row.startedAt) },
  {
    title: 'ENDED (UTC)',
    align: 'left',
    cell: (row) => (row.endedAt === null ? '' : secondText(row.endedAt)),
  },
  { title: 'SOURCE', align: 'left', cell: (row) => row.source },
  { title: 'LOST', align: 'right', cell: (row) => String(row.lostCalls) },
  { title: 'NAME', align: 'left', cell: (row) => visible(row.name) },
  { title: 'UPSTREAM', align: 'left', cell: (row) => visible(row.upstream ?? '') },
];

export const recordings: Run<unknown> = async ({ tape: file, output }) => {
  const tape = openTape(file);
  try {
    const rows = tape.recordings();
    if (!output.json) await output.data(textTable(rows, COLUMNS, output));
    else for (const row of rows) await output.data(jsonLine(recordingJson(row)));
    return EXIT.done;
  } finally {
    tape.close();
  }
};

function recordingJson(row: Recording): Readonly<Record<string, string | number | null>> {
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    upstream: row.upstream,
    listen: row.listen,
    started_at: isoTime(row.startedAt),
    ended_at: row.endedAt === null ? null : isoTime(row.endedAt),
    lost_calls: row.lostCalls,
    dropped_bodies: row.droppedBodies,
  };
}
