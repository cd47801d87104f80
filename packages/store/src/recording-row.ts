import { hostname } from 'node:os';
import type Database from 'better-sqlite3';
import type { ThreadStart } from './writer-messages.ts';

/** Whether a process of this machine is still there (signal 0 only asks). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface OpenRecording {
  readonly id: number;
  readonly pid: number | null;
  readonly machine: string | null;
}

/** Marks what a recorder that died left without an end: its calls and its recording. */
export function markInterrupted(database: Database.Database): void {
  const open = database
    .prepare<[], OpenRecording>('SELECT id, pid, machine FROM recording WHERE ended_at IS NULL')
    .all();
  const dead = open.filter((one) => one.machine !== hostname() || !isAlive(one.pid ?? 0));
  const endCalls = database.prepare(
    `UPDATE exchange SET outcome = 'interrupted', error_type = 'RECORDER_DIED',
       error_message = 'The recorder stopped before the call ended.'
     WHERE recording_id = ? AND outcome = 'pending' RETURNING id`,
  );
  const amend = database.prepare('INSERT INTO amendment (exchange_id) VALUES (?)');
  // The last sign of life of a dead recorder is the start of its last call.
  const endRecording = database.prepare(
    `UPDATE recording SET ended_at = coalesce(
       (SELECT max(started_at) FROM exchange WHERE recording_id = recording.id), started_at)
     WHERE id = ?`,
  );
  const mark = database.transaction(() => {
    for (const { id } of dead) {
      for (const row of endCalls.pluck().all(id)) amend.run(row);
      endRecording.run(id);
    }
  });
  mark.immediate();
}

/** The row of the recording that is being made. */
export class RecordingRow {
  readonly id: number;
  readonly #database: Database.Database;
  #unwrittenLosses = 0;

  constructor(database: Database.Database, start: ThreadStart) {
    this.#database = database;
    const { name, source, upstream, listen } = start.recording;
    const { lastInsertRowid } = database
      .prepare(
        `INSERT INTO recording (name, source, upstream, listen, pid, machine, started_at, redaction)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        name,
        source,
        upstream,
        listen,
        process.pid,
        hostname(),
        Date.now(),
        start.redact ? '[]' : null,
      );
    this.id = Number(lastInsertRowid);
  }

  listening(url: string): void {
    this.#database.prepare('UPDATE recording SET listen = ? WHERE id = ?').run(url, this.id);
  }

  /** Counts calls that could not be written; kept in memory while the disk takes nothing. */
  addLost(calls: number): void {
    this.#unwrittenLosses += calls;
    try {
      this.#database
        .prepare('UPDATE recording SET lost_calls = lost_calls + ? WHERE id = ?')
        .run(this.#unwrittenLosses, this.id);
      this.#unwrittenLosses = 0;
    } catch {
      // The same failure that lost the calls; the count stays and is tried again with the next.
    }
  }

  end(): void {
    this.addLost(0);
    this.#database
      .prepare('UPDATE recording SET ended_at = ? WHERE id = ?')
      .run(Date.now(), this.id);
  }
}
