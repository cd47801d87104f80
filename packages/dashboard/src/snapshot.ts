import { type DashboardOptions, glyphsOf } from './options.ts';
import type { Picture } from './picture.ts';
import { reportLines } from './report.ts';
import { Session } from './session.ts';
import { type Snapshot, snapshotOf } from './snapshot-json.ts';

const REPORT_COLUMNS = 100;

function pictureOf(options: DashboardOptions): Picture {
  const session = new Session(options, Date.now());
  try {
    return session.picture;
  } finally {
    session.close();
  }
}

/**
 * The health of a tape as text, for where there is no terminal.
 *
 * @throws TapeError when the tape cannot be opened.
 */
export function snapshot(options: DashboardOptions & { readonly columns?: number }): string {
  const columns = options.columns ?? REPORT_COLUMNS;
  return reportLines(pictureOf(options), columns, glyphsOf(options))
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * The same as data.
 *
 * @throws TapeError when the tape cannot be opened.
 */
export function snapshotJson(options: DashboardOptions): Snapshot {
  return snapshotOf(pictureOf(options));
}
