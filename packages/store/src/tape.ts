import type Database from 'better-sqlite3';
import { readTexts } from './cell-json.ts';
import { openForReading } from './database.ts';
import { Glimpses } from './endpoint/glimpse.ts';
import { EXCHANGE_COLUMNS, exchangeOf } from './exchange-row.ts';
import type { ExchangeRow } from './exchange-row.ts';
import type { Endpoint, Exchange, Recording } from './exchange.ts';
import { defineBodyText } from './filter-body.ts';
import { findingCountsOf, findingsOf } from './finding-rows.ts';
import type { FindingCounts, FindingRow } from './finding.ts';
import { HeadReader } from './head-reader.ts';
import { messagesOf } from './message-row.ts';
import type { MessageQuery } from './message-row.ts';
import type { Message } from './message.ts';
import { placeholderDigest } from './placeholder-ledger.ts';
import { CALL_COLUMNS, CALL_TABLES, queryClause } from './tape-query.ts';
import type { CallRow, TapeQuery } from './tape-query.ts';

const EXCHANGES_A_PAGE = 100;
const MAX_CHANGES = 5000;

/** A place on a tape: all rows and amendments up to here have been seen. */
export interface TapeCursor {
  readonly id: number;
  readonly amendment: number;
}

export interface EndpointRow extends Endpoint {
  readonly calls: number;
  /** Answers of 500 and above, and calls without a whole answer. */
  readonly errors: number;
  /** Milliseconds since the Unix epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What came onto a tape since a cursor, and the cursor to ask with next. */
export interface TapeChanges {
  readonly rows: CallRow[];
  readonly cursor: TapeCursor;
}

/** The reading side of a tape. Any number may be open while a writer writes. */
export interface Tape {
  readonly file: string;
  exchange(id: number): Exchange | undefined;
  /** Calls with headers and bodies, by id; reads a page at a time. */
  exchanges(query?: TapeQuery): IterableIterator<Exchange>;
  /** Calls without headers and bodies, by id. */
  calls(query?: TapeQuery): CallRow[];
  count(query?: TapeQuery): number;
  /** The messages of a WebSocket that are on the tape, in the order in which they passed. */
  messages(exchangeId: number, query?: MessageQuery): Message[];
  recordings(): Recording[];
  endpoints(): EndpointRow[];
  /** What followers found that an API changed, in the order in which they found it. */
  findings(): FindingRow[];
  findingCounts(): FindingCounts;
  /** Calls as far as their endpoints depend on them, for long tapes. */
  glimpses(): Glimpses;
  /** Whether a recorder put this text in the place of a secret. */
  isPlaceholder(text: string): boolean;
  /** Whether another connection has committed since this was last asked. */
  changed(): boolean;
  /** Calls that are new or were completed since the cursor, by id; at most 5 000. */
  changes(cursor: TapeCursor): TapeChanges;
  /** The cursor behind everything that is on the tape now. */
  head(): TapeCursor;
  close(): void;
}

export interface TapeOptions {
  /** Most of the file that is held in memory, KiB; 16,000 by default. Less will do to read it through. */
  readonly cacheKib?: number;
}

class SqliteTape implements Tape {
  readonly file: string;
  readonly #database: Database.Database;
  readonly #heads: HeadReader;
  #glimpses: Glimpses | null = null;
  /** What was asked last for calls with headers and bodies. */
  #asked: Database.Statement<(string | number)[], ExchangeRow> | null = null;
  #dataVersion = -1;

  constructor(file: string, { cacheKib }: TapeOptions) {
    this.file = file;
    this.#database = openForReading(file);
    if (cacheKib !== undefined) this.#database.pragma(`cache_size = -${cacheKib}`);
    defineBodyText(this.#database);
    this.#heads = new HeadReader(this.#database);
  }

  exchange(id: number): Exchange | undefined {
    const [exchange] = this.#exchangesNow({ afterId: id - 1, limit: 1 });
    return exchange?.id === id ? exchange : undefined;
  }

  // A page at a time: a read transaction that stays open would keep the writer's log from shrinking.
  *exchanges(query: TapeQuery = {}): IterableIterator<Exchange> {
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    let page = query;
    while (left > 0) {
      const limit = Math.min(left, EXCHANGES_A_PAGE);
      const rows = this.#exchangesNow({ ...page, limit });
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      left -= rows.length;
      page =
        query.order === 'desc' ? { ...query, beforeId: last.id } : { ...query, afterId: last.id };
    }
  }

  calls(query: TapeQuery = {}): CallRow[] {
    return this.#select<CallRow>(CALL_COLUMNS, query);
  }

  count(query: TapeQuery = {}): number {
    const { sql, params } = queryClause(query);
    // The joins are for filters and names; without these they only cost time on a long tape.
    const isPlain = query.filter === undefined && query.recording === undefined;
    const tables = isPlain ? 'exchange AS x' : CALL_TABLES;
    const count = this.#database
      .prepare(`SELECT count(*) FROM (SELECT 1 FROM ${tables} ${sql})`)
      .pluck()
      .get(...params);
    return Number(count);
  }

  messages(exchangeId: number, query: MessageQuery = {}): Message[] {
    return messagesOf(this.#database, exchangeId, query);
  }

  recordings(): Recording[] {
    return this.#database
      .prepare<[], Omit<Recording, 'redaction'> & { redaction: string | null }>(
        `SELECT id, name, source, upstream, listen, command, pid, machine,
           started_at AS startedAt, ended_at AS endedAt, lost_calls AS lostCalls,
           dropped_bodies AS droppedBodies, redaction
         FROM recording ORDER BY id`,
      )
      .all()
      .map(({ redaction, ...rest }) => ({
        ...rest,
        redaction: redaction === null ? null : readTexts(redaction, 'redaction rules'),
      }));
  }

  endpoints(): EndpointRow[] {
    return this.#database
      .prepare<[], EndpointRow>(
        `SELECT e.method, e.origin, e.template, count(*) AS calls,
           sum(x.outcome IN ('error', 'truncated', 'interrupted') OR coalesce(x.status, 0) >= 500)
             AS errors,
           min(x.started_at) AS firstSeen, max(x.started_at) AS lastSeen
         FROM exchange AS x JOIN endpoint AS e ON e.id = x.endpoint_id
         GROUP BY e.id ORDER BY e.origin, e.template, e.method`,
      )
      .all();
  }

  findings(): FindingRow[] {
    return findingsOf(this.#database);
  }

  findingCounts(): FindingCounts {
    return findingCountsOf(this.#database);
  }

  glimpses(): Glimpses {
    this.#glimpses ??= new Glimpses(this.#database, this.#heads);
    return this.#glimpses;
  }

  isPlaceholder(text: string): boolean {
    const found = this.#database
      .prepare('SELECT 1 FROM placeholder WHERE digest = ?')
      .pluck()
      .get(placeholderDigest(text));
    return found !== undefined;
  }

  changed(): boolean {
    const version = Number(this.#database.pragma('data_version', { simple: true }));
    const changed = version !== this.#dataVersion;
    this.#dataVersion = version;
    return changed;
  }

  changes(cursor: TapeCursor): TapeChanges {
    return this.#database.transaction(() => this.#changesNow(cursor))();
  }

  head(): TapeCursor {
    return {
      id: this.#newest('SELECT max(id) FROM exchange'),
      amendment: this.#newest('SELECT max(seq) FROM amendment'),
    };
  }

  close(): void {
    this.#database.close();
  }

  /** In one transaction: what calls share may go with the last of them. */
  #exchangesNow(query: TapeQuery): Exchange[] {
    const read = this.#database.transaction(() =>
      this.#page(query).map((row) => exchangeOf(row, this.#heads)),
    );
    return read();
  }

  /** A statement takes 100 KB outside the heap until it is collected: who reads a tape through has one. */
  #page(query: TapeQuery): ExchangeRow[] {
    const { sql, params } = queryClause(query);
    const text = `SELECT ${EXCHANGE_COLUMNS} FROM ${CALL_TABLES} ${sql}`;
    if (this.#asked?.source !== text) {
      this.#asked = this.#database.prepare<(string | number)[], ExchangeRow>(text);
    }
    return this.#asked.all(...params);
  }

  #changesNow(cursor: TapeCursor): TapeChanges {
    const amended = this.#database
      .prepare<[number, number, number], CallRow & { seq: number }>(
        `SELECT a.seq AS seq, ${CALL_COLUMNS} FROM amendment AS a
         JOIN ${CALL_TABLES.replace('exchange AS x', 'exchange AS x ON x.id = a.exchange_id')}
         WHERE a.seq > ? AND a.exchange_id <= ? ORDER BY a.seq LIMIT ?`,
      )
      .all(cursor.amendment, cursor.id, MAX_CHANGES);
    const room = MAX_CHANGES - amended.length;
    const added = this.#select<CallRow>(CALL_COLUMNS, { afterId: cursor.id, limit: room });
    const rows = [...amended.map(({ seq: _seq, ...row }) => row), ...added];
    const id = added.at(-1)?.id ?? cursor.id;
    const amendment =
      room > 0 ? this.#newest('SELECT max(seq) FROM amendment') : amended.at(-1)?.seq;
    return {
      rows: rows.toSorted((one, other) => one.id - other.id),
      cursor: { id, amendment: amendment ?? cursor.amendment },
    };
  }

  #newest(sql: string): number {
    return Number(this.#database.prepare(sql).pluck().get() ?? 0);
  }

  #select<Row>(columns: string, query: TapeQuery): Row[] {
    const { sql, params } = queryClause(query);
    return this.#database
      .prepare<(string | number)[], Row>(`SELECT ${columns} FROM ${CALL_TABLES} ${sql}`)
      .all(...params);
  }
}

/**
 * Opens a tape for reading, also while it is being written.
 *
 * @throws TapeError when there is no such file, or it is something else, newer or damaged.
 */
export function openTape(file: string, options: TapeOptions = {}): Tape {
  return new SqliteTape(file, options);
}
