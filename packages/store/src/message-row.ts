import type Database from 'better-sqlite3';
import type { Message } from './message.ts';

/** Which messages of a WebSocket to read. */
export interface MessageQuery {
  /** Only those that came onto the tape after this one. */
  readonly afterId?: number;
  /** At most so many. */
  readonly limit?: number;
  /** With `limit`, which end to take. Default `first`. */
  readonly end?: 'first' | 'last';
}

interface MessageRow extends Omit<Message, 'truncated' | 'deflated'> {
  readonly truncated: number;
  readonly deflated: number;
}

const COLUMNS = `id, exchange_id AS exchangeId, direction, kind, at_ms AS atMs, size,
  wire_size AS wireSize, bytes, truncated, deflated, problem`;

/** Messages by id. */
export function messagesOf(
  database: Database.Database,
  exchangeId: number,
  { afterId = 0, limit = -1, end = 'first' }: MessageQuery,
): Message[] {
  const order = end === 'last' ? 'DESC' : 'ASC';
  const rows = database
    .prepare<[number, number, number], MessageRow>(
      `SELECT ${COLUMNS} FROM message WHERE exchange_id = ? AND id > ? ORDER BY id ${order} LIMIT ?`,
    )
    .all(exchangeId, afterId, limit);
  if (end === 'last') rows.reverse();
  return rows.map((row) => ({
    ...row,
    truncated: row.truncated === 1,
    deflated: row.deflated === 1,
  }));
}
