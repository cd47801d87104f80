import { setTimeout as delay } from 'node:timers/promises';
import type { CallRow, Tape, TapeCursor, TapeQuery } from '@calltape/store';

const LOOK_EVERY_MS = 100;

/** The calls that end after `head` and fit the query, as they do, until `stop`. */
export async function* endedCalls(
  tape: Tape,
  query: TapeQuery,
  head: TapeCursor,
  stop: Promise<void>,
): AsyncGenerator<CallRow[]> {
  const stopping = new AbortController();
  void abortAfter(stop, stopping);
  let cursor = head;
  while (!stopping.signal.aborted) {
    const changes = tape.changes(cursor);
    cursor = changes.cursor;
    const rows = fitting(tape, query, changes.rows);
    if (rows.length > 0) yield rows;
    if (changes.rows.length === 0) await untilChanged(tape, stopping.signal);
  }
}

/** Aborts when `stop` resolves. */
export async function abortAfter(stop: Promise<void>, stopping: AbortController): Promise<void> {
  await stop;
  stopping.abort();
}

/** Resolves when others have written to the tape, or at the abort. */
export async function untilChanged(tape: Tape, stop: AbortSignal): Promise<void> {
  // An abort ends the delay early, as an error that is none here.
  while (!stop.aborted && !tape.changed()) {
    await delay(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** Filters are for SQL, so the tape is asked again, only about these. */
function fitting(tape: Tape, query: TapeQuery, rows: readonly CallRow[]): CallRow[] {
  const ended = rows.filter(({ outcome }) => outcome !== 'pending');
  const ids = new Set(ended.map(({ id }) => id));
  const [first, last] = [ended[0]?.id, ended.at(-1)?.id];
  if (first === undefined || last === undefined) return [];
  return tape
    .calls({ ...query, afterId: first - 1, beforeId: last + 1 })
    .filter(({ id }) => ids.has(id));
}
