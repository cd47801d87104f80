import { threadId } from 'node:worker_threads';
import type { CallDraft } from './draft.ts';

/** Threads may hand their calls to the same writer. */
const NUMBERS_A_THREAD = 2 ** 32;

let last = threadId * NUMBERS_A_THREAD;

/** A number that this process has given to nothing else. */
export function nextRepeat(): number {
  last += 1;
  return last;
}

/** Whether a call has nothing but its times that its parts do not tell; its row is written at once. */
export function isPlain(draft: CallDraft): boolean {
  const { response } = draft;
  if (response === null || draft.outcome !== 'complete' || draft.fault !== null) return false;
  const { timings } = draft;
  const untimed =
    timings.blocked === null &&
    timings.dns === null &&
    timings.connect === null &&
    timings.ssl === null;
  const plainAnswer =
    response.trailers.length === 0 && response.interim.length === 0 && response.chunks.length === 0;
  return untimed && plainAnswer && isPlainRequest(draft);
}

function isPlainRequest({ trailers, peerAddress, retries, errorType }: CallDraft): boolean {
  return trailers.length === 0 && peerAddress === null && retries === 0 && errorType === null;
}

/** Whether the content of a call may be left unread: all of it is in the slab itself, whole. */
export function isWhole({ body, response }: CallDraft): boolean {
  return [body, response?.body].every(
    (one) =>
      one === undefined ||
      (one.movable !== true && one.dropped !== true && (one.spilled ?? 0) === 0),
  );
}
