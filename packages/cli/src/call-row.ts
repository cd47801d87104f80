import { styleText } from 'node:util';
import { verdictOf, type Verdict } from '@calltape/health';
import { visible, type CallRow } from '@calltape/store';
import type { Column } from './text-table.ts';
import { isoTime, sizeText, secondText } from './units.ts';

/** A call under the column names of the tape's `calls` view. */
export function callJson(row: CallRow): Readonly<Record<string, string | number | null>> {
  return {
    id: row.id,
    recording: row.recording,
    started_at: isoTime(row.startedAt),
    method: row.method,
    url: row.url,
    host: row.host,
    endpoint: row.template,
    status: row.status,
    status_text: row.statusText,
    outcome: row.outcome,
    error_type: row.errorType,
    duration_ms: row.durationMs,
    ttfb_ms: row.ttfbMs,
    request_bytes: row.requestBytes,
    response_bytes: row.responseBytes,
    source: row.source,
  };
}

const COLOR_OF: Readonly<Record<Verdict, 'red' | 'yellow' | null>> = {
  ok: null,
  clientError: 'yellow',
  rateLimited: 'yellow',
  error: 'red',
  aborted: 'yellow',
  pending: 'yellow',
};

/** How `calltape calls` prints a call. */
export const CALL_COLUMNS: readonly Column<CallRow>[] = [
  { title: 'ID', align: 'right', cell: (row) => String(row.id) },
  { title: 'STARTED (UTC)', align: 'left', cell: (row) => secondText(row.startedAt) },
  { title: 'METHOD', align: 'left', cell: (row) => visible(row.method) },
  { title: 'RESULT', align: 'left', cell: resultText, paint: paintResult },
  { title: 'MS', align: 'right', cell: (row) => row.durationMs?.toFixed(1) ?? '' },
  {
    title: 'SIZE',
    align: 'right',
    cell: (row) => (row.responseBytes === null ? '' : sizeText(row.responseBytes)),
  },
  { title: 'URL', align: 'left', cell: (row) => visible(row.url) },
];

/** The status of a whole answer; of any other call also why it is not one. */
function resultText({ status, outcome, errorType }: CallRow): string {
  if (outcome === 'complete') return String(status ?? '');
  const why = outcome === 'error' ? (errorType ?? outcome) : outcome;
  return visible(status === null ? why : `${status} ${why}`);
}

function paintResult(padded: string, row: CallRow): string {
  const color = COLOR_OF[verdictOf(row)];
  return color === null ? padded : styleText(color, padded, { validateStream: false });
}
