import { verdictOf } from '@calltape/health';
import { openTape, type TapeQuery, type TapeWriter } from '@calltape/store';
import { bodiesText, counted } from './units.ts';

const ROWS_A_PAGE = 5000;

/** Where the calls of one run of a recorder begin on its tape. */
export interface RunStart {
  readonly recording: string;
  readonly afterId: number;
}

/** To be asked when the recording has been opened and nothing is on it yet. */
export function runStart(file: string, recording: string): RunStart {
  const tape = openTape(file);
  try {
    return { recording, afterId: tape.head().id };
  } finally {
    tape.close();
  }
}

/** How many calls a run has recorded. */
export interface RunFigures {
  readonly calls: number;
  readonly errors: number;
  readonly lost: number;
  readonly droppedBodies: number;
}

/** What became of a run that has just ended. */
export function runFigures({ stats, file }: TapeWriter, start: RunStart): RunFigures {
  const { writtenCalls: calls, lostCalls: lost, droppedBodies } = stats;
  return { calls, errors: countErrors(file, start), lost, droppedBodies };
}

/** The same in a line. */
export function recordSummary(writer: TapeWriter, start: RunStart): string {
  const { calls, errors, lost, droppedBodies } = runFigures(writer, start);
  const { unkeptCalls } = writer.stats;
  const dropped = droppedBodies === 0 ? '' : `, ${bodiesText(droppedBodies)} dropped`;
  const passed =
    unkeptCalls === 0 ? '' : `; ${counted(unkeptCalls, 'call')} passed unkept by --only/--skip`;
  const found = `${counted(errors, 'error')}, ${lost} lost${dropped}`;
  return `Recorded ${counted(calls, 'call')} on ${writer.file}: ${found}${passed}.`;
}

function countErrors(file: string, start: RunStart): number {
  const tape = openTape(file);
  try {
    let errors = 0;
    let query: TapeQuery | null = { ...start, limit: ROWS_A_PAGE };
    while (query !== null) {
      const rows = tape.calls(query);
      errors += rows.filter((row) => verdictOf(row) === 'error').length;
      const last = rows.at(-1);
      query = last === undefined ? null : { ...query, afterId: last.id };
    }
    return errors;
  } finally {
    tape.close();
  }
}
