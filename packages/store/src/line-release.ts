import type Database from 'better-sqlite3';
import { lineIdsOf } from './head-cell.ts';

/** Selects the cells of a call that may refer to header lines, by the call's id. */
export function headsOf(
  database: Database.Database,
): Database.Statement<[number], readonly unknown[]> {
  return database
    .prepare<[number], readonly unknown[]>(
      'SELECT request_headers, response_headers FROM exchange WHERE id = ?',
    )
    .raw();
}

/**
 * Gives back what cells of calls referred to: header lines that nothing refers to any more are
 * deleted. To be used inside the transaction that takes the cells off the tape.
 */
export class LineRelease {
  readonly #raiseHighWater: Database.Statement;
  readonly #lessUses: Database.Statement;
  readonly #deleteUnused: Database.Statement;
  readonly #released = new Map<number, number>();

  constructor(database: Database.Database) {
    // Recorders and readers remember lines by their ids; none may come to mean another line.
    this.#raiseHighWater = database.prepare(
      `UPDATE high_water SET
         header_line_id = max(header_line_id, coalesce((SELECT max(id) FROM header_line), 0))`,
    );
    this.#lessUses = database.prepare('UPDATE header_line SET uses = uses - ? WHERE id = ?');
    this.#deleteUnused = database.prepare('DELETE FROM header_line WHERE id = ? AND uses <= 0');
  }

  /** Notes the lines of a cell that goes. */
  note(cell: unknown): void {
    if (typeof cell !== 'string') return;
    for (const id of lineIdsOf(cell)) this.#released.set(id, (this.#released.get(id) ?? 0) + 1);
  }

  settle(): void {
    if (this.#released.size === 0) return;
    this.#raiseHighWater.run();
    for (const [id, uses] of this.#released) {
      this.#lessUses.run(uses, id);
      this.#deleteUnused.run(id);
    }
    this.#released.clear();
  }

  /** To be called when the transaction was rolled back. */
  forget(): void {
    this.#released.clear();
  }
}
