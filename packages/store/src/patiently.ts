import { isBusy } from './database.ts';
import { TapeError } from './errors.ts';

const ASK_AGAIN_MS = 1;

/**
 * Does something that needs the tape's write lock as soon as a recorder beside it lets go for a moment; the
 * connection must have no busy timeout of its own.
 *
 * @param patienceMs - How long to try.
 * @throws TapeError TAPE_BUSY, and what `act` throws.
 */
export function patiently(act: () => void, patienceMs: number): void {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      act();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > until) {
        throw new TapeError(
          'TAPE_BUSY',
          'Another program keeps the tape locked. Let it finish, then try again.',
          { cause: error },
        );
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ASK_AGAIN_MS);
  }
}
