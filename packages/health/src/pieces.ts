import type { CallRow } from '@calltape/store';
import type { Trend } from './figures.ts';
import { type Slice, sliceOf, verdictOf } from './verdict.ts';

/** What ended in one piece of time. */
class Piece {
  calls = 0;
  errors = 0;
  readonly #durations: Record<Slice, number[]> = { live: [], mock: [], injected: [] };
  readonly #p95: Partial<Record<Slice, number | null>> = {};

  change(call: CallRow, by: 1 | -1): void {
    this.calls += by;
    if (verdictOf(call) === 'error') this.errors += by;
    if (call.outcome !== 'complete' || call.durationMs === null) return;
    const slice = sliceOf(call);
    const durations = this.#durations[slice];
    delete this.#p95[slice];
    if (by === 1) durations.push(call.durationMs);
    else durations.splice(durations.indexOf(call.durationMs), 1);
  }

  /** Sorted once, then remembered: most pieces of a window never change again. */
  p95(slice: Slice): number | null {
    const known = this.#p95[slice];
    if (known !== undefined) return known;
    const sorted = this.#durations[slice].toSorted((a, b) => a - b);
    const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
    this.#p95[slice] = p95;
    return p95;
  }
}

/** Calls by the piece of time they ended in. */
export class Pieces {
  readonly #pieces = new Map<number, Piece>();

  change(index: number, call: CallRow, by: 1 | -1): void {
    let piece = this.#pieces.get(index);
    if (piece === undefined) {
      piece = new Piece();
      this.#pieces.set(index, piece);
    }
    piece.change(call, by);
    if (piece.calls === 0) this.#pieces.delete(index);
  }

  /** The pieces `first` to `last`, both included. */
  trend(first: number, last: number, bucketMs: number, subject: Slice): Trend {
    const calls: number[] = [];
    const errors: number[] = [];
    const p95Ms: (number | null)[] = [];
    for (let index = first; index <= last; index += 1) {
      const piece = this.#pieces.get(index);
      calls.push(piece?.calls ?? 0);
      errors.push(piece?.errors ?? 0);
      p95Ms.push(piece?.p95(subject) ?? null);
    }
    return { bucketMs, calls, errors, p95Ms };
  }
}
