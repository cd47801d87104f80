import type { CallRow } from '@calltape/store';

/** Rows kept at most; when more are needed, the far end is let go and read again on return. */
const MAX_ROWS = 4000;

/** A run of neighbouring calls, by id, out of all that match. */
export interface CallList {
  readonly rows: readonly CallRow[];
  /** Whether nothing comes before the first row. */
  readonly atStart: boolean;
  /** Whether nothing comes after the last row; new calls are taken in only then. */
  readonly atEnd: boolean;
}

export const NO_CALLS: CallList = { rows: [], atStart: true, atEnd: true };

/** Takes in calls that came after the last row. */
export function append(list: CallList, rows: readonly CallRow[], atEnd: boolean): CallList {
  const all = [...list.rows, ...rows];
  const kept = all.slice(-MAX_ROWS);
  return { rows: kept, atStart: list.atStart && kept.length === all.length, atEnd };
}

/** Takes in calls that came before the first row. */
export function prepend(list: CallList, rows: readonly CallRow[], atStart: boolean): CallList {
  const all = [...rows, ...list.rows];
  const kept = all.slice(0, MAX_ROWS);
  return { rows: kept, atStart, atEnd: list.atEnd && kept.length === all.length };
}

function belongs(list: CallList, id: number): boolean {
  const first = list.rows.at(0)?.id ?? id;
  const last = list.rows.at(-1)?.id ?? id;
  return (list.atStart || id > first) && (list.atEnd || id < last);
}

/**
 * Takes in what changed on the tape.
 *
 * @param changed - Calls that match, new or in their new state, by id.
 * @param gone - Ids of calls that matched no longer.
 */
export function merge(
  list: CallList,
  changed: readonly CallRow[],
  gone: ReadonlySet<number>,
): CallList {
  const newStates = new Map(changed.map((row) => [row.id, row]));
  const present = list.rows
    .filter(({ id }) => !gone.has(id))
    .map((row) => {
      const newState = newStates.get(row.id);
      newStates.delete(row.id);
      return newState ?? row;
    });
  const added = [...newStates.values()].filter(({ id }) => belongs(list, id));
  const rows = [...present, ...added];
  const lastPresent = present.at(-1)?.id ?? 0;
  const inOrder = added.every(({ id }) => id > lastPresent);
  return append(
    { ...list, rows: [] },
    inOrder ? rows : rows.toSorted((one, other) => one.id - other.id),
    list.atEnd,
  );
}

/** Where a call stands in the list; where it would stand when it is not there. */
export function indexOf(list: CallList, id: number): number {
  let low = 0;
  let high = list.rows.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((list.rows[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
