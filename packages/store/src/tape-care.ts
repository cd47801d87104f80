import type Database from 'better-sqlite3';
import { emptyLog } from './database.ts';
import { RetentionSteps } from './retention.ts';
import type { Retention } from './writer-messages.ts';

const LOOK_EVERY_MS = 500;
/** Between two steps of one round, so that calls are written in between, ms. */
const STEP_PAUSE_MS = 5;

/**
 * What is done to a tape between its batches: retention, and emptying the log when nothing is
 * written. Whatever another connection or the disk does not allow now is tried again later.
 */
export class TapeCare {
  readonly #database: Database.Database;
  readonly #retention: RetentionSteps | null;
  readonly #isBusy: () => boolean;
  readonly #clock: NodeJS.Timeout;
  #step: NodeJS.Timeout | null = null;
  #wroteAt = 0;
  #logIsEmpty = true;

  /** @param isBusy - Whether batches are waiting to be written. */
  constructor(database: Database.Database, keep: Retention, isBusy: () => boolean) {
    this.#database = database;
    this.#isBusy = isBusy;
    const keepsAll = Object.values(keep).every((bound) => bound === undefined);
    this.#retention = keepsAll ? null : new RetentionSteps(database, keep);
    this.#clock = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** A batch was written just now. */
  wrote(): void {
    this.#wroteAt = performance.now();
    this.#logIsEmpty = false;
  }

  stop(): void {
    clearInterval(this.#clock);
    if (this.#step !== null) clearTimeout(this.#step);
    this.#step = null;
  }

  #look(): void {
    if (this.#retention !== null && this.#step === null) this.#tidy(this.#retention);
    else if (!this.#logIsEmpty && performance.now() - this.#wroteAt > LOOK_EVERY_MS) {
      this.#emptyLog();
    }
  }

  #tidy(retention: RetentionSteps): void {
    this.#step = null;
    let more = false;
    try {
      more = retention.step();
      if (more) this.#logIsEmpty = false;
    } catch {
      // Locked, or the disk is full: the next look tries again.
    }
    const idle = !this.#isBusy() && performance.now() - this.#wroteAt > LOOK_EVERY_MS;
    if (more) this.#step = setTimeout(() => this.#tidy(retention), STEP_PAUSE_MS);
    else if (idle && !this.#logIsEmpty) this.#emptyLog();
  }

  /** Deleted secrets must not live on in the log; and a tape at rest should be one file. */
  #emptyLog(): void {
    try {
      this.#logIsEmpty = emptyLog(this.#database);
    } catch {
      // As above.
    }
  }
}
