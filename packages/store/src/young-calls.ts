import type { CallDraft } from './draft.ts';

/**
 * The calls that have begun and are on the tape in no form yet. Not a Set: a Set in constant use makes
 * itself anew every few dozen calls, and its old tables, once they have become old to the garbage
 * collector, keep the calls in them alive for seconds.
 */
export class YoungCalls {
  readonly #slots: (CallDraft | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  add(draft: CallDraft): void {
    draft.slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[draft.slot] = draft;
  }

  delete(draft: CallDraft): void {
    if (draft.slot === -1) return;
    this.#slots[draft.slot] = null;
    this.#free.push(draft.slot);
    draft.slot = -1;
  }

  all(): CallDraft[] {
    return this.#slots.filter((draft) => draft !== null);
  }

  /** @param before - Milliseconds since the Unix epoch. */
  startedBefore(before: number): CallDraft[] {
    return this.all().filter(({ startedAt }) => startedAt <= before);
  }
}
