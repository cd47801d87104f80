import type Database from 'better-sqlite3';
import { headsOf, LineRelease } from './line-release.ts';

/** A column that refers to a row of another table. */
interface Reference {
  readonly table: string;
  readonly column: string;
}

function references(database: Database.Database, target: string): Reference[] {
  return database
    .prepare<[string], Reference>(
      `SELECT s.name AS "table", f."from" AS "column"
       FROM sqlite_schema AS s, pragma_foreign_key_list(s.name) AS f
       WHERE s.type = 'table' AND f."table" = ?`,
    )
    .all(target);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Deletes calls with all that belongs to them: whatever table refers to a call loses its rows, and
 * bodies and header lines that nothing refers to any more go too. To be used inside a transaction.
 */
export class CallEraser {
  readonly #raiseHighWater: Database.Statement;
  readonly #bodiesOf: readonly Database.Statement[];
  readonly #deleteOf: readonly Database.Statement[];
  readonly #deleteBody: Database.Statement;
  readonly #selectHeads: Database.Statement<[number], readonly unknown[]>;
  readonly #lines: LineRelease;

  constructor(database: Database.Database) {
    // Followers read on from the highest id they have seen; it must not be given to another call.
    this.#raiseHighWater = database.prepare(
      `UPDATE high_water SET
         exchange_id = max(exchange_id, coalesce((SELECT max(id) FROM exchange), 0)),
         amendment_seq = max(amendment_seq, coalesce((SELECT max(seq) FROM amendment), 0))`,
    );
    const ofCall = [
      ...references(database, 'exchange'),
      { table: 'amendment', column: 'exchange_id' },
      { table: 'exchange', column: 'id' },
    ];
    const ofBody = references(database, 'body');
    this.#bodiesOf = ofCall.flatMap(({ table, column }) =>
      ofBody
        .filter((body) => body.table === table)
        .map((body) =>
          database
            .prepare(
              `SELECT ${quoted(body.column)} FROM ${quoted(table)}
               WHERE ${quoted(column)} = ? AND ${quoted(body.column)} IS NOT NULL`,
            )
            .pluck(),
        ),
    );
    this.#deleteOf = ofCall.map(({ table, column }) =>
      database.prepare(`DELETE FROM ${quoted(table)} WHERE ${quoted(column)} = ?`),
    );
    const unused = ofBody.map(
      ({ table, column }) =>
        `AND NOT EXISTS (SELECT 1 FROM ${quoted(table)} WHERE ${quoted(column)} = body.id)`,
    );
    this.#deleteBody = database.prepare(`DELETE FROM body WHERE id = ? ${unused.join(' ')}`);
    this.#selectHeads = headsOf(database);
    this.#lines = new LineRelease(database);
  }

  erase(ids: readonly number[]): void {
    if (ids.length > 0) this.#raiseHighWater.run();
    // What a transaction that was rolled back has noted must not be counted twice.
    this.#lines.forget();
    for (const id of ids) this.#eraseOne(id);
    this.#lines.settle();
  }

  #eraseOne(id: number): void {
    const bodies = new Set(this.#bodiesOf.flatMap((statement) => statement.all(id)));
    for (const cell of this.#selectHeads.get(id) ?? []) this.#lines.note(cell);
    for (const statement of this.#deleteOf) statement.run(id);
    for (const body of bodies) this.#deleteBody.run(body);
  }
}
