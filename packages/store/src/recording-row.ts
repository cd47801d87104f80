import { hostname } from 'node:os';
import type Database from 'better-sqlite3';
import { AMEND } from './call-sink.ts';
import type { Redactor } from './redact.ts';
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
  const amend = database.prepare(AMEND);
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
  readonly #count: Database.Statement;
  readonly #listen: Database.Statement;
  readonly #end: Database.Statement;

  constructor(database: Database.Database, start: ThreadStart, redactor: Redactor | null) {
    const { name, source, upstream, listen } = start.recording;
    const { lastInsertRowid } = database
      .prepare(
        `INSERT INTO recording (name, source, upstream, listen, pid, machine, started_at, redaction)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        redactor === null ? name : redactor.text(name),
        source,
        redactor === null || upstream === null ? upstream : redactor.url(upstream),
        listen,
        process.pid,
        hostname(),
        Date.now(),
        start.redaction === null ? null : JSON.stringify(start.redaction.rules),
      );
    this.id = Number(lastInsertRowid);
    this.#count = database.prepare(
      `UPDATE recording SET lost_calls = lost_calls + ?, dropped_bodies = dropped_bodies + ?
       WHERE id = ?`,
    );
    this.#listen = database.prepare('UPDATE recording SET listen = ? WHERE id = ?');
    this.#end = database.prepare('UPDATE recording SET ended_at = ? WHERE id = ?');
  }

  listening(url: string): void {
    this.#listen.run(url, this.id);
  }

  /** Adds to the calls and the bodies that could not be kept. */
  count(lostCalls: number, droppedBodies: number): void {
    if (lostCalls > 0 || droppedBodies > 0) this.#count.run(lostCalls, droppedBodies, this.id);
  }

  end(): void {
    this.#end.run(Date.now(), this.id);
  }
}
