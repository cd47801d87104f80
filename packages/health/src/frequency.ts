import type { CallRow } from '@calltape/store';
import type { FaultFigures, Reason } from './figures.ts';
import { verdictOf } from './verdict.ts';

interface Count {
  calls: number;
  /** Of those: altered by a fault (reasons), or errors (faults). */
  marked: number;
}

function change(counts: Map<string, Count>, key: string, marked: boolean, by: 1 | -1): void {
  const count = counts.get(key) ?? { calls: 0, marked: 0 };
  count.calls += by;
  if (marked) count.marked += by;
  if (count.calls === 0) counts.delete(key);
  else counts.set(key, count);
}

function byFrequency(counts: ReadonlyMap<string, Count>): [string, Count][] {
  return [...counts].toSorted(([a, x], [b, y]) => y.calls - x.calls || (a < b ? -1 : 1));
}

function reasonOf(call: CallRow): string {
  if (call.errorType !== null) return call.errorType;
  if (call.status !== null && call.status >= 500) return String(call.status);
  return call.outcome;
}

// No part of a rule can hold this: blanks separate its words.
const BETWEEN_RULES = '; ';

function rulesOf({ fault }: CallRow): string[] {
  return fault === null ? [] : fault.split(BETWEEN_RULES);
}

/** Why calls failed, and which fault rules were at work. */
export class Frequency {
  readonly #reasons = new Map<string, Count>();
  readonly #faults = new Map<string, Count>();

  change(call: CallRow, by: 1 | -1): void {
    const failed = verdictOf(call) === 'error';
    if (failed) change(this.#reasons, reasonOf(call), call.fault !== null, by);
    for (const rule of rulesOf(call)) change(this.#faults, rule, failed, by);
  }

  reasons(): Reason[] {
    return byFrequency(this.#reasons).map(([reason, { calls, marked }]) => ({
      reason,
      calls,
      injected: marked,
    }));
  }

  faults(): FaultFigures[] {
    return byFrequency(this.#faults).map(([rule, { calls, marked }]) => ({
      rule,
      calls,
      errors: marked,
    }));
  }
}
