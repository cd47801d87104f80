import type { Exchange } from '@calltape/store';
import { changedValues, withEditedBody, withEditedFields, withEdits } from './body-edit.ts';
import { jsonEdits } from './json-edits.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { Plan } from './step.ts';
import { dateEdits, movedUnix, movedValue, namesTime } from './timestamps.ts';
import type { Mover } from './timestamps.ts';
import { ToldShifts } from './told-shifts.ts';

/** Clocks of others, and answers that take their time. */
const TOLERANCE_MS = 5_000;

function movedField(name: string, value: string, mover: Mover, now: number): string {
  // The one moment that is now whatever has been told before.
  if (name === 'date') return withEdits(value, dateEdits(value, { ...mover, move: () => now }));
  if (/^\d/.test(value)) {
    const unix = movedUnix(value, namesTime(name), mover);
    if (unix !== value) return unix;
  }
  return withEdits(value, dateEdits(value, mover));
}

/**
 * Moves the times in answers to now: by what has passed since their call was recorded. A moment that
 * was past when it was recorded stays where it was first told, so that what was created does not get
 * another date with each look at it; what was still to come, such as the end of a token, keeps its
 * distance.
 */
export class TimeShift {
  readonly #told = new ToldShifts();

  /** From here on what other threads have told counts too. */
  share(counts: SharedCounts): void {
    this.#told.share(counts);
  }

  /** @param now - Milliseconds since the Unix epoch. */
  shifted(plan: Plan, exchange: Exchange, now: number): Plan {
    const mover = this.#mover(exchange, now);
    const fields = withEditedFields(plan, (headers) =>
      changedValues(headers, (name, value) => movedField(name, value, mover, now)),
    );
    return withEditedBody(fields, (text, type) => {
      const values = jsonEdits(text, type, (raw, isString, { name }) =>
        movedValue(raw, isString, name, mover),
      );
      return [...values, ...dateEdits(text, mover)].toSorted((one, other) => one.from - other.from);
    });
  }

  #mover({ startedAt, durationMs }: Exchange, now: number): Mover {
    const recordedAt = startedAt;
    const shift = Math.round((now - startedAt) / 1_000) * 1_000;
    const answeredAt = startedAt + (durationMs ?? 0) + TOLERANCE_MS;
    const move = (ms: number): number => {
      if (ms > answeredAt) return ms + shift;
      return ms + this.#told.firstFor(ms, shift);
    };
    return { recordedAt, move };
  }
}
