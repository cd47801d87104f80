import type Database from 'better-sqlite3';
import { CallEraser } from './call-eraser.ts';
import { FileRoom } from './file-room.ts';
import type { Retention } from './writer-messages.ts';

/** Calls deleted in one transaction at most: some milliseconds, so that no batch waits long. */
const CALLS_A_STEP = 100;
/** Room that new calls will soon take again is left in the file: this part of it. */
const SLACK = 0.1;

const OLDEST = `SELECT id FROM exchange WHERE outcome <> 'pending'`;

/** Keeps a tape that is being written within bounds, a small step at a time. */
export class RetentionSteps {
  readonly #keep: Retention;
  readonly #room: FileRoom;
  readonly #eraser: CallEraser;
  readonly #tooOld: Database.Statement<[number], number>;
  readonly #oldest: Database.Statement<[number], number>;
  readonly #count: Database.Statement<[], number>;
  readonly #step: Database.Transaction<() => number>;

  constructor(database: Database.Database, keep: Retention) {
    this.#keep = keep;
    this.#room = new FileRoom(database);
    this.#eraser = new CallEraser(database);
    const order = 'ORDER BY started_at, id LIMIT';
    this.#tooOld = database
      .prepare<[number], number>(`${OLDEST} AND started_at < ? ${order} ${CALLS_A_STEP}`)
      .pluck();
    this.#oldest = database.prepare<[number], number>(`${OLDEST} ${order} ?`).pluck();
    this.#count = database.prepare<[], number>('SELECT count(*) FROM exchange').pluck();
    this.#step = database.transaction(() => this.#erase());
  }

  /**
   * Deletes some of what is not to be kept.
   *
   * @returns whether there may be more of it.
   * @throws when another connection holds the tape; nothing has been deleted then.
   */
  step(): boolean {
    if (this.#step.immediate() > 0) return true;
    const { maxBytes = Number.POSITIVE_INFINITY } = this.#keep;
    const { free, size } = this.#room;
    return (free > size * SLACK || size > maxBytes) && this.#room.shrink();
  }

  #erase(): number {
    const { maxAgeMs, maxCalls, maxBytes } = this.#keep;
    let erased = 0;
    if (maxAgeMs !== undefined) erased += this.#eraseAll(this.#tooOld.all(Date.now() - maxAgeMs));
    if (maxCalls !== undefined) erased += this.#eraseBeyond(maxCalls);
    if (maxBytes !== undefined) erased += this.#eraseUntilSmall(maxBytes);
    return erased;
  }

  #eraseAll(ids: readonly number[]): number {
    this.#eraser.erase(ids);
    return ids.length;
  }

  #eraseBeyond(maxCalls: number): number {
    const surplus = (this.#count.get() ?? 0) - maxCalls;
    return surplus > 0 ? this.#eraseAll(this.#oldest.all(Math.min(surplus, CALLS_A_STEP))) : 0;
  }

  #eraseUntilSmall(maxBytes: number): number {
    if (this.#room.used <= maxBytes) return 0;
    let erased = 0;
    for (const id of this.#oldest.all(CALLS_A_STEP)) {
      this.#eraser.erase([id]);
      erased += 1;
      if (this.#room.used <= maxBytes * (1 - SLACK)) break;
    }
    return erased;
  }
}
