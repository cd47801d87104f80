import type { DashboardOptions } from './options.ts';
import { Session } from './session.ts';
import { plainText } from './theme.ts';

/** A screen of a certain size. */
export interface ScreenOptions extends DashboardOptions {
  readonly columns: number;
  readonly rows: number;
  readonly view: 'overview' | 'calls';
}

/**
 * The lines that the dashboard would draw now, as plain text, for documents.
 *
 * @throws TapeError when the tape cannot be opened.
 */
export function screen(options: ScreenOptions): string[] {
  const session = new Session(options, Date.now());
  try {
    const name = options.view === 'calls' ? '2' : '1';
    session.press({ name, text: name }, Date.now());
    return session.lines(options.columns, options.rows, plainText).map((line) => line.trimEnd());
  } finally {
    session.close();
  }
}
