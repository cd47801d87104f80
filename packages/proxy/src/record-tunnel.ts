import { newDraft } from '@calltape/store';
import type { TapeWriter } from '@calltape/store';
import type { Failure } from './failure.ts';
import type { Origin } from './origin.ts';

/**
 * Puts a call on the tape that never became one: all that is known of it is where it was meant to go
 * and why it did not.
 */
export function recordTunnel(
  writer: TapeWriter,
  failure: Failure,
  to: Origin,
  durationMs: number,
): void {
  const draft = newDraft('CONNECT', to.origin);
  draft.startedAt -= Math.round(durationMs);
  draft.durationMs = durationMs;
  draft.outcome = 'error';
  draft.errorType = failure.code;
  draft.errorMessage = failure.message;
  writer.finish(draft);
}
