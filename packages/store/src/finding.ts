import type Database from 'better-sqlite3';
import { readExamples } from './cell-json.ts';
import type { Endpoint } from './exchange.ts';

/** How often something was seen, of how many times that it could have been. */
export interface FindingCount {
  readonly count: number;
  readonly of: number;
}

/** A call that shows what was found; one of before may be on another tape. */
export interface FindingExample {
  readonly side: 'before' | 'after';
  readonly id: number;
}

/** A change of an API as it stands on a tape; docs/drift.md says what the words mean. */
export interface Finding extends Endpoint {
  /** `request` or `response`. */
  readonly direction: string;
  /** Of the answers; null for requests and for what is not about one status. */
  readonly status: number | null;
  readonly location: string;
  readonly kind: string;
  /** `breaking`, `warning` or `info`. */
  readonly severity: string;
  /** What was there and is there, in words. */
  readonly was: string;
  readonly is: string;
  readonly before: FindingCount;
  readonly after: FindingCount;
  /** That calls show this much though nothing has changed, 0 to 1. */
  readonly chance: number;
  readonly phrase: string;
  /** Milliseconds since the Unix epoch; null when nothing but an absence shows it. */
  readonly firstSeen: number | null;
  readonly examples: readonly FindingExample[];
}

export interface FindingRow extends Finding {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly foundAt: number;
}

/** How many findings of each severity there are. */
export interface FindingCounts {
  readonly breaking: number;
  readonly warning: number;
  readonly info: number;
}

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
