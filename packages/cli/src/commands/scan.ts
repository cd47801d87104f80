import { scanFile, visible, type SecretFinding } from '@calltape/store';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { checkReadable } from '../input-file.ts';
import { jsonLine } from '../output.ts';
import { withProgress } from '../progress.ts';
import { textTable, type Column } from '../text-table.ts';
import { counted } from '../units.ts';

/** The same secret in the same place, and how often it is there. */
interface Row extends SecretFinding {
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'CALL', align: 'right', cell: ({ call }) => (call === null ? '' : String(call)) },
  { title: 'KIND', align: 'left', cell: ({ kind }) => kind },
  { title: 'COUNT', align: 'right', cell: ({ count }) => String(count) },
  { title: 'VALUE', align: 'left', cell: ({ hint }) => visible(hint) },
  { title: 'PLACE', align: 'left', cell: ({ place }) => visible(place) },
];

export const scan: Run<unknown> = async ({ arguments: files, output }) => {
  // All are looked for before any is searched.
  for (const file of files) await checkReadable(file);
  let found = 0;
  for (const file of files) {
    const rows = await rowsOf(
      withProgress(scanFile(file), { doing: 'Searching', unit: 'piece', total: null }, output),
    );
    found += rows.length;
    if (output.json) {
      for (const row of rows) await output.data(jsonLine({ file, ...row }));
    } else if (rows.length > 0) {
      await output.data(textTable(rows, COLUMNS, output));
    }
    output.talk(
      rows.length === 0 ? `${file}: no secrets.` : `${file}: ${counted(rows.length, 'secret')}.`,
    );
  }
  return found === 0 ? EXIT.done : EXIT.found;
};

async function rowsOf(pieces: AsyncIterable<readonly SecretFinding[]>): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for await (const findings of pieces) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.call, finding.kind, finding.place, finding.hint]);
      rows.set(key, { ...finding, count: (rows.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...rows.values()];
}
