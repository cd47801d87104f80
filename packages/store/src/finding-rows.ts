import type Database from 'better-sqlite3';
import { readExamples } from './cell-json.ts';
import type { FindingCounts, FindingRow } from './finding.ts';

interface Flat extends Omit<FindingRow, 'before' | 'after' | 'examples'> {
  readonly beforeK: number;
  readonly beforeN: number;
  readonly afterM: number;
  readonly afterN: number;
  readonly examples: string;
}

/** The findings on a tape, in the order in which they were found. */
export function findingsOf(database: Database.Database): FindingRow[] {
  return database
    .prepare<[], Flat>(
      `SELECT id, found_at AS foundAt, method, origin, template, location, direction, kind, severity,
         status, was, now AS "is", before_k AS beforeK, before_n AS beforeN, after_m AS afterM,
         after_n AS afterN, chance, phrase, first_seen AS firstSeen, examples
       FROM finding ORDER BY id`,
    )
    .all()
    .map(({ beforeK, beforeN, afterM, afterN, examples, ...rest }) => ({
      ...rest,
      before: { count: beforeK, of: beforeN },
      after: { count: afterM, of: afterN },
      examples: readExamples(examples),
    }));
}

/** How many there are. */
export function findingCountsOf(database: Database.Database): FindingCounts {
  const counts = { breaking: 0, warning: 0, info: 0 };
  const rows = database
    .prepare<[], { severity: string; many: number }>(
      'SELECT severity, count(*) AS many FROM finding GROUP BY severity',
    )
    .all();
  for (const { severity, many } of rows) {
    if (severity === 'breaking' || severity === 'warning' || severity === 'info') {
      counts[severity] = many;
    }
  }
  return counts;
}
