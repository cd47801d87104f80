import { styleText } from 'node:util';
import { CliError } from './errors.ts';
import type { Output } from './output.ts';
import { counted, spanText } from './units.ts';

/** What takes long, and how far it has to go. */
export interface Work {
  /** What is being done, such as `Exporting`. */
  readonly doing: string;
  /** What is counted, in the singular, such as `call`. */
  readonly unit: string;
  /** How many there are in all; null where nobody knows. */
  readonly total: number | null;
}

/** How far a piece of work has come. Ctrl-C ends the work at its next step. */
export interface Progress {
  /**
   * Counts what was done, and now and then lets signals and other tasks have their turn.
   *
   * Throws CliError INTERRUPTED after SIGINT or SIGTERM.
   */
  readonly step: (count?: number) => Promise<void>;
  /** To be called however the work ended: takes the bar off the screen and gives Ctrl-C back. */
  readonly end: () => void;
}

/** Shorter work shows no bar: it would only flicker. */
const QUIET_MS = 1000;
const DRAW_EVERY_MS = 100;
const YIELD_EVERY_MS = 20;
const BAR_CELLS = 20;

/** Starts to count. A bar shows on stderr once it takes long, where that is a terminal. */
export function startProgress(work: Work, output: Pick<Output, 'status'>): Progress {
  const startedAt = performance.now();
  let done = 0;
  let drawnAt = startedAt + QUIET_MS - DRAW_EVERY_MS;
  let yieldedAt = startedAt;
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  // Once only: whoever insists ends the process as if nobody listened.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return {
    step: async (count = 1) => {
      done += count;
      const now = performance.now();
      if (now - drawnAt >= DRAW_EVERY_MS) {
        drawnAt = now;
        const { status } = output;
        status?.show(progressText(work, done, now - startedAt, status.columns(), status.color));
      }
      if (now - yieldedAt >= YIELD_EVERY_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        yieldedAt = performance.now();
      }
      if (interrupted) throw new CliError('INTERRUPTED', `${work.doing} was interrupted.`);
    },
    end: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      output.status?.clear();
    },
  };
}

/** The items, each one a step of the work; ends with them. */
export async function* withProgress<T>(
  items: Iterable<T>,
  work: Work,
  output: Pick<Output, 'status'>,
): AsyncGenerator<T> {
  const progress = startProgress(work, output);
  try {
    for (const item of items) {
      yield item;
      await progress.step();
    }
  } finally {
    progress.end();
  }
}

/** The line of a bar, fitted to `columns`: what, how much, how fast, how long still. */
export function progressText(
  work: Work,
  done: number,
  elapsedMs: number,
  columns: number,
  color: boolean,
): string {
  const rate = done / Math.max(elapsedMs / 1000, 0.001);
  const pace = `${Math.round(rate)}/s`;
  const { total } = work;
  if (total === null) {
    return fitted([work.doing, counted(done, work.unit), pace], columns);
  }
  const share = Math.min(1, done / Math.max(1, total));
  const count = `${Math.min(done, total)} of ${counted(total, work.unit)}`;
  const left = rate === 0 ? '' : `${spanText((Math.max(0, total - done) / rate) * 1000)} left`;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const words = [percent, count, pace, left].filter((word) => word !== '');
  const room = columns - 1 - [work.doing, ...words].join('  ').length - 2;
  if (room < BAR_CELLS) return fitted([work.doing, ...words], columns);
  return [work.doing, bar(share, color), ...words].join('  ');
}

function bar(share: number, color: boolean): string {
  const full = Math.floor(share * BAR_CELLS);
  const filled = '█'.repeat(full);
  const empty = '░'.repeat(BAR_CELLS - full);
  return color ? styleText('cyan', filled, { validateStream: false }) + empty : filled + empty;
}

/** The last cell of a line stays free: some terminals wrap when it is taken. */
function fitted(words: readonly string[], columns: number): string {
  return words.join('  ').slice(0, Math.max(0, columns - 1));
}
