import type Database from 'better-sqlite3';

/** Tells whether rows may have gone from the tape that its own writer did not see go. */
export class Undisturbed {
  readonly #selectVersion: Database.Statement<[], number>;
  readonly #selectChanges: Database.Statement<[], number>;
  #version = -1;
  #changes = -1;

  constructor(database: Database.Database) {
    // Changes with what other connections write.
    this.#selectVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
    // Changes with what is written on this one, also between two batches.
    this.#selectChanges = database.prepare<[], number>('SELECT total_changes()').pluck();
  }

  /** Whether nobody has written since {@link note}. To be called when a transaction has begun. */
  get isSo(): boolean {
    return (
      this.#selectVersion.get() === this.#version && this.#selectChanges.get() === this.#changes
    );
  }

  /** To be called when a transaction has written all that it will. */
  note(): void {
    this.#version = this.#selectVersion.get() ?? 0;
    this.#changes = this.#selectChanges.get() ?? 0;
  }
}
