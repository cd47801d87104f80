import type Database from 'better-sqlite3';
import { pragmaNumber } from './database.ts';

// A row of up to a page is never parted by SQLite: a body of 10 KB would have a page of 16 KB to itself.
// Such a body is kept in pieces, of which eight fill a page; a larger one SQLite parts by itself.
const PAGE_BYTES = 16_384;
const MOST_IN_ONE = 4000;
const LEAST_PARTED_BY_SQLITE = 26_000;
/** SQLite takes two copies of what it is given: of a body beyond this only of a part at a time. */
const MOST_AT_ONCE = 1024 * 1024;
/** At most 15 of them follow the first, see {@link piecesOf}. */
const PIECE_BYTES = 2000;
const MOST_PIECES = 16;

function piecesOf(id: string): string {
  return `FROM body_piece WHERE body_piece.id BETWEEN ${id} * 16 AND ${id} * 16 + 15`;
}

/** An SQL expression of the content of the body with this id, which is an expression too. */
export function bodyBytes(id: string): string {
  // SQL joins bytes as if they were text, without looking at them.
  return `(SELECT iif(EXISTS (SELECT 1 ${piecesOf('body.id')}),
      CAST(body.bytes || (SELECT group_concat(bytes, '' ORDER BY id) ${piecesOf('body.id')}) AS BLOB),
      body.bytes)
    FROM body WHERE body.id = ${id})`;
}

/** An SQL expression of the length of what is kept of a row of body, bytes; it reads no content. */
export const KEPT_BYTES: string = `(octet_length(body.bytes)
  + coalesce((SELECT sum(octet_length(bytes)) ${piecesOf('body.id')}), 0))`;

/** Writes the pieces of bodies that follow the first. */
export class BodyPieces {
  readonly #isParted: boolean;
  readonly #insert: Database.Statement;
  readonly #delete: Database.Statement;

  constructor(database: Database.Database) {
    // Smaller pages, of older tapes, are wasted less.
    this.#isParted = pragmaNumber(database, 'page_size') >= PAGE_BYTES;
    this.#insert = database.prepare('INSERT INTO body_piece (id, bytes) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM body_piece WHERE id BETWEEN ? AND ?');
  }

  /** Length of the piece that belongs into the body's own row. */
  pieceLength({ length }: Uint8Array): number {
    if (this.#isParted && length > MOST_AT_ONCE) return Math.ceil(length / MOST_PIECES);
    const whole = !this.#isParted || length <= MOST_IN_ONE || length > LEAST_PARTED_BY_SQLITE;
    return whole ? length : Math.ceil(length / Math.ceil(length / PIECE_BYTES));
  }

  /** Writes what follows the first piece. */
  put(id: number, bytes: Uint8Array): void {
    const step = this.pieceLength(bytes);
    let row = id * 16;
    for (let at = step; at < bytes.length; at += step) {
      row += 1;
      this.#insert.run(row, bytes.subarray(at, at + step));
    }
  }

  /** Deletes what follows the first piece. */
  clear(id: number): void {
    this.#delete.run(id * 16, id * 16 + 15);
  }
}
