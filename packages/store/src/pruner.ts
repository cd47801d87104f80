import type Database from 'better-sqlite3';
import { KEPT_BYTES } from './body-pieces.ts';
import { CallEraser } from './call-eraser.ts';
import { emptyLog, isBusy, openExisting } from './database.ts';
import { TapeError } from './errors.ts';
import { defineBodyText } from './filter-body.ts';
import { FileRoom } from './file-room.ts';
import { CALL_TABLES, queryClause } from './tape-query.ts';
import type { TapeQuery } from './tape-query.ts';
import type { Retention } from './writer-messages.ts';

const CALLS_A_STEP = 200;
/** How long to wait for a recorder to leave a gap, and how often to look for one, ms. */
const PATIENCE_MS = 10_000;
const ASK_AGAIN_MS = 1;
/** How long to wait for a moment in which nobody reads, ms. */
const LOG_PATIENCE_MS = 1000;

/** Which calls to delete: those that match and that are beyond what is kept of them. */
export interface PruneRequest extends Pick<TapeQuery, 'filter' | 'recording'> {
  /** Without any bound all calls that match go. */
  readonly keep: Retention;
}

export interface PrunePlan {
  /** The calls to delete, the newest first. */
  readonly ids: readonly number[];
  /** Their heads and the bodies that no other call has, bytes. */
  readonly bytes: number;
}

/** How much the heads of calls hold, each with the bodies it may share with others. */
const HEAD_BYTES = `octet_length(url) + octet_length(request_headers)
  + coalesce(octet_length(response_headers), 0) + coalesce(octet_length(response_chunks), 0)`;
const LISTED = '(SELECT value FROM json_each(@ids))';
const OTHERS = (column: string): string =>
  `EXISTS (SELECT 1 FROM exchange AS o WHERE o.${column} = body.id AND o.id NOT IN ${LISTED})`;

interface Candidate {
  readonly id: number;
  readonly startedAt: number;
}

/** Deletes calls of a tape, at rest or while recorders write to it. */
export interface Pruner {
  plan(request: PruneRequest): PrunePlan;
  /**
   * Carries a plan out and gives the room back to the file system.
   *
   * @returns how many calls are gone so far, again and again; nothing happens between two of them.
   */
  run(plan: PrunePlan, request: PruneRequest): IterableIterator<number>;
  /** Of the tape's file, bytes. */
  readonly size: number;
  /** Whether what was deleted is gone from the log as well; a reader may keep it there. */
  emptyLog(): boolean;
  close(): void;
}

class SqlitePruner implements Pruner {
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #eraser: CallEraser;
  readonly #room: FileRoom;

  constructor(file: string) {
    this.#file = file;
    this.#database = openExisting(file);
    this.#database.pragma('busy_timeout = 0');
    defineBodyText(this.#database);
    this.#eraser = new CallEraser(this.#database);
    this.#room = new FileRoom(this.#database);
  }

  get size(): number {
    return this.#room.size;
  }

  plan(request: PruneRequest): PrunePlan {
    const { keep } = request;
    const all = this.#candidates(request);
    const boundless = Object.keys(keep).length === 0;
    const before = Date.now() - (keep.maxAgeMs ?? Number.POSITIVE_INFINITY);
    const most = keep.maxCalls ?? Number.POSITIVE_INFINITY;
    const surplus = this.#surplus(all, keep.maxBytes);
    const ids = all
      .filter(
        ({ startedAt }, at) => boundless || startedAt < before || at >= Math.min(most, surplus),
      )
      .map(({ id }) => id);
    return { ids, bytes: this.#bytesOf(ids) };
  }

  *run({ ids }: PrunePlan, request: PruneRequest): IterableIterator<number> {
    let erased = 0;
    for (const step of steps(ids.toReversed())) {
      erased += this.#erase(step);
      yield erased;
    }
    const { maxBytes = Number.POSITIVE_INFINITY } = request.keep;
    while (this.#room.used > maxBytes) {
      const oldest = this.#candidates(request).slice(-CALLS_A_STEP);
      if (oldest.length === 0) break;
      erased += this.#erase(oldest.map(({ id }) => id));
      yield erased;
    }
    this.#makeShrinkable();
    while (this.#patiently(() => this.#room.shrink())) yield erased;
  }

  emptyLog(): boolean {
    const until = performance.now() + LOG_PATIENCE_MS;
    while (!this.#patiently(() => emptyLog(this.#database))) {
      if (performance.now() > until) return false;
      sleep(ASK_AGAIN_MS);
    }
    return true;
  }

  close(): void {
    this.#database.close();
  }

  /** The newest first; a call that is under way is never deleted. */
  #candidates({ filter, recording }: PruneRequest): Candidate[] {
    const query = {
      ...(filter === undefined ? {} : { filter }),
      ...(recording === undefined ? {} : { recording }),
    };
    const { sql, params } = queryClause(query);
    return this.#database
      .prepare<(string | number)[], Candidate>(
        `SELECT id, startedAt FROM (
           SELECT x.id AS id, x.started_at AS startedAt, x.outcome AS outcome
           FROM ${CALL_TABLES} ${sql}
         ) WHERE outcome <> 'pending' ORDER BY startedAt DESC, id DESC`,
      )
      .all(...params);
  }

  /** From which of the calls on the tape is too large; about, as calls share bodies. */
  #surplus(all: readonly Candidate[], maxBytes = Number.POSITIVE_INFINITY): number {
    let excess = this.#room.used - maxBytes;
    let at = all.length;
    const weigh = this.#database
      .prepare<[number], number>(
        `SELECT ${HEAD_BYTES}
           + coalesce((SELECT ${KEPT_BYTES} FROM body WHERE body.id = request_body_id), 0)
           + coalesce((SELECT ${KEPT_BYTES} FROM body WHERE body.id = response_body_id), 0)
         FROM exchange WHERE id = ?`,
      )
      .pluck();
    while (excess > 0 && at > 0) {
      at -= 1;
      excess -= weigh.get(all[at]?.id ?? 0) ?? 0;
    }
    return at;
  }

  #bytesOf(ids: readonly number[]): number {
    const sum = this.#database
      .prepare<[{ ids: string }], number>(
        `SELECT
           coalesce((SELECT sum(${HEAD_BYTES}) FROM exchange WHERE id IN ${LISTED}), 0)
           + coalesce((SELECT sum(${KEPT_BYTES}) FROM body WHERE id IN (
               SELECT request_body_id FROM exchange WHERE id IN ${LISTED}
               UNION SELECT response_body_id FROM exchange WHERE id IN ${LISTED}
             ) AND NOT ${OTHERS('request_body_id')} AND NOT ${OTHERS('response_body_id')}), 0)`,
      )
      .pluck();
    return sum.get({ ids: JSON.stringify(ids) }) ?? 0;
  }

  #erase(ids: readonly number[]): number {
    const step = this.#database.transaction(() => this.#eraser.erase(ids));
    this.#patiently(() => step.immediate());
    return ids.length;
  }

  /** A tape of the first format is written anew, which also takes its free room away. */
  #makeShrinkable(): void {
    if (this.#room.canShrink) return;
    this.#database.pragma('auto_vacuum = INCREMENTAL');
    this.#patiently(() => this.#database.exec('VACUUM'));
  }

  /** A recorder that is hard at work leaves gaps of milliseconds; SQLite's own waiting misses them. */
  #patiently<T>(act: () => T): T {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return act();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() > until) throw this.#locked(error);
      }
      sleep(ASK_AGAIN_MS);
    }
  }

  #locked(cause: unknown): TapeError {
    return new TapeError(
      'TAPE_BUSY',
      `Another program keeps the tape "${this.#file}" locked. Let it finish, then prune again.`,
      { cause },
    );
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function* steps(ids: readonly number[]): IterableIterator<readonly number[]> {
  for (let at = 0; at < ids.length; at += CALLS_A_STEP) yield ids.slice(at, at + CALLS_A_STEP);
}

/**
 * Opens a tape to delete calls of it.
 *
 * @throws TapeError when there is no such file, or it is something else, newer, damaged or not writable.
 */
export function openPruner(file: string): Pruner {
  return new SqlitePruner(file);
}
