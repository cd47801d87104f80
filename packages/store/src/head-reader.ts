import type Database from 'better-sqlite3';
import type { HeaderLine } from './exchange.ts';
import { linesOf } from './head-cell.ts';
import { SharedTexts } from './shared-texts.ts';

/** Lines of shared rows kept in memory at most. */
const MOST_KNOWN = 20_000;

/**
 * Reads heads from their cells. To be used in the transaction in which the cells were read: a line may
 * go with the last call that has it.
 */
export class HeadReader {
  readonly #select: Database.Statement<[number], { name: string; value: string }>;
  /** By id, which never comes to mean another line. */
  readonly #known = new Map<number, HeaderLine>();

  /** What calls share of their other columns. */
  readonly texts: SharedTexts = new SharedTexts();

  constructor(database: Database.Database) {
    this.#select = database.prepare('SELECT name, value FROM header_line WHERE id = ?');
  }

  /** @throws TapeError TAPE_DAMAGED when the cell holds no head. */
  read(cell: string): HeaderLine[] {
    return linesOf(cell, (id) => this.#known.get(id) ?? this.#find(id));
  }

  #find(id: number): HeaderLine | undefined {
    const row = this.#select.get(id);
    if (row === undefined) return undefined;
    const line: HeaderLine = [row.name, row.value];
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(id, line);
    return line;
  }
}
