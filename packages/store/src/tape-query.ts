import type { Outcome, Source } from './exchange.ts';
import type { Filter } from './filter.ts';

/** Which calls to read. All parts must hold. */
export interface TapeQuery {
  readonly filter?: Filter;
  /** The name of a recording. */
  readonly recording?: string;
  readonly afterId?: number;
  readonly beforeId?: number;
  /** Calls that started at or after this time, milliseconds since the Unix epoch. */
  readonly sinceMs?: number;
  /** Calls that started before this time, milliseconds since the Unix epoch. */
  readonly untilMs?: number;
  readonly limit?: number;
  /** By id; default ascending. With `limit`, which end of the tape to take. */
  readonly order?: 'asc' | 'desc';
}

/** A call without its headers and bodies. */
export interface CallRow {
  readonly id: number;
  readonly recording: string;
  readonly source: Source;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly origin: string;
  /** The endpoint's path template. */
  readonly template: string;
  readonly status: number | null;
  readonly statusText: string | null;
  readonly outcome: Outcome;
  readonly errorType: string | null;
  readonly durationMs: number | null;
  readonly ttfbMs: number | null;
  readonly requestBytes: number;
  readonly responseBytes: number | null;
  readonly fault: string | null;
}

/** The joins whose aliases filters are written against. */
export const CALL_TABLES = `exchange AS x
  JOIN recording AS r ON r.id = x.recording_id
  JOIN endpoint AS e ON e.id = x.endpoint_id`;

export const CALL_COLUMNS = `x.id AS id, r.name AS recording, r.source AS source,
  x.started_at AS startedAt, e.method AS method, x.url AS url,
  substr(e.origin, instr(e.origin, '://') + 3) AS host, e.origin AS origin, e.template AS template,
  x.status AS status, x.status_text AS statusText, x.outcome AS outcome, x.error_type AS errorType,
  x.duration_ms AS durationMs, x.ttfb_ms AS ttfbMs, x.request_bytes AS requestBytes,
  x.response_bytes AS responseBytes, x.fault AS fault`;

export interface SqlPart {
  readonly sql: string;
  readonly params: readonly (string | number)[];
}

/** `WHERE ... ORDER BY ... LIMIT ...` for a query, every value bound. */
export function queryClause(query: TapeQuery): SqlPart {
  const where: string[] = [];
  const params: (string | number)[] = [];
  const add = (sql: string, ...values: (string | number)[]): void => {
    where.push(sql);
    params.push(...values);
  };
  if (query.filter !== undefined) add(`(${query.filter.sql})`, ...query.filter.params);
  if (query.recording !== undefined) add('r.name = ?', query.recording);
  if (query.afterId !== undefined) add('x.id > ?', query.afterId);
  if (query.beforeId !== undefined) add('x.id < ?', query.beforeId);
  if (query.sinceMs !== undefined) add('x.started_at >= ?', query.sinceMs);
  if (query.untilMs !== undefined) add('x.started_at < ?', query.untilMs);
  let sql = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
  sql += ` ORDER BY x.id ${query.order === 'desc' ? 'DESC' : 'ASC'}`;
  if (query.limit !== undefined) {
    sql += ' LIMIT ?';
    params.push(query.limit);
  }
  return { sql, params };
}
