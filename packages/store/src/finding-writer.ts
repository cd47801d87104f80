import type Database from 'better-sqlite3';
import { openExisting } from './database.ts';
import type { Finding } from './finding.ts';
import { patiently } from './patiently.ts';

const FINDINGS_A_STEP = 200;
const PATIENCE_MS = 1000;

/** Writes findings onto a tape that others may be recording onto. */
export interface FindingWriter {
  /** Adds findings; what is there already gets its new figures and keeps the time when it was found. */
  put(findings: readonly Finding[]): void;
  /** The same, and deletes all others. */
  replace(findings: readonly Finding[]): void;
  close(): void;
}

class SqliteFindingWriter implements FindingWriter {
  readonly #database: Database.Database;
  readonly #put: Database.Statement<unknown[], number>;
  readonly #keepOnly: Database.Statement<[string]>;

  constructor(file: string) {
    this.#database = openExisting(file);
    this.#database.pragma('busy_timeout = 0');
    this.#put = this.#database
      .prepare<unknown[], number>(
        `INSERT INTO finding (method, origin, template, location, direction, kind, status, found_at,
           severity, was, now, before_k, before_n, after_m, after_n, chance, phrase, first_seen, examples)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (method, origin, template, location, direction, kind, coalesce(status, 0))
         DO UPDATE SET severity = excluded.severity, was = excluded.was, now = excluded.now,
           before_k = excluded.before_k, before_n = excluded.before_n, after_m = excluded.after_m,
           after_n = excluded.after_n, chance = excluded.chance, phrase = excluded.phrase,
           first_seen = excluded.first_seen, examples = excluded.examples
         RETURNING id`,
      )
      .pluck();
    this.#keepOnly = this.#database.prepare(
      'DELETE FROM finding WHERE id NOT IN (SELECT value FROM json_each(?))',
    );
  }

  put(findings: readonly Finding[]): void {
    this.#write(findings);
  }

  replace(findings: readonly Finding[]): void {
    const ids = JSON.stringify(this.#write(findings));
    patiently(() => this.#keepOnly.run(ids), PATIENCE_MS);
  }

  close(): void {
    this.#database.close();
  }

  /** In transactions that are short enough for a recorder beside it to wait for. */
  #write(findings: readonly Finding[]): number[] {
    const ids: number[] = [];
    const now = Date.now();
    for (let from = 0; from < findings.length; from += FINDINGS_A_STEP) {
      const some = findings.slice(from, from + FINDINGS_A_STEP).map((one) => cells(one, now));
      const step = this.#database.transaction(() =>
        some.map((values) => this.#put.get(values) ?? 0),
      );
      patiently(() => ids.push(...step.immediate()), PATIENCE_MS);
    }
    return ids;
  }
}

function cells(finding: Finding, now: number): unknown[] {
  const { method, origin, template, location, direction, kind, status } = finding;
  const { severity, was, is, before, after, chance, phrase, firstSeen, examples } = finding;
  const place = [method, origin, template, location, direction, kind, status];
  const counts = [before.count, before.of, after.count, after.of];
  const rest = [chance, phrase, firstSeen, JSON.stringify(examples)];
  return [...place, now, severity, was, is, ...counts, ...rest];
}

/**
 * Opens a tape that is there for findings; a recorder may go on writing beside it.
 *
 * @throws TapeError when it cannot be written; later, TAPE_BUSY when another program holds it for a second.
 */
export function openFindingWriter(file: string): FindingWriter {
  return new SqliteFindingWriter(file);
}
