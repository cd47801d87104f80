import type Database from 'better-sqlite3';
import { pragmaNumber } from './database.ts';

const INCREMENTAL = 2;
/** Pages given back to the file system in one go; some milliseconds of work. */
const PAGES_A_STEP = 128;

/** How the pages of a tape's file are used; sizes in bytes. */
export class FileRoom {
  readonly #database: Database.Database;
  readonly #pageBytes: number;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#pageBytes = pragmaNumber(database, 'page_size');
  }

  /** A tape of the first format gives room back only by being written anew. */
  get canShrink(): boolean {
    return pragmaNumber(this.#database, 'auto_vacuum') === INCREMENTAL;
  }

  get size(): number {
    return pragmaNumber(this.#database, 'page_count') * this.#pageBytes;
  }

  get free(): number {
    return pragmaNumber(this.#database, 'freelist_count') * this.#pageBytes;
  }

  get used(): number {
    return this.size - this.free;
  }

  /** Gives some of the free room back to the file system; false when there was none. */
  shrink(): boolean {
    if (!this.canShrink || this.free === 0) return false;
    this.#database.pragma(`incremental_vacuum(${PAGES_A_STEP})`);
    return true;
  }
}
