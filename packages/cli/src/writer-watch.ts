import type { TapeWriter } from '@calltape/store';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import { counted } from './units.ts';

const LOOK_EVERY_MS = 500;

/** Tells the user, once, when the tape takes no more. Does not keep the process alive. */
export function watchWriter(writer: TapeWriter, output: Output): void {
  const timer = setInterval(() => {
    const { failure } = writer.stats;
    if (failure === null) return;
    clearInterval(timer);
    output.warn(
      `Warning: calls go on but are NOT KEPT: "${writer.file}" cannot be written (${failure}). ` +
        'Free some room or check the disk; what is lost is counted.',
    );
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Lost calls are not a success, and are told of with --quiet too. */
export function reportLosses(writer: TapeWriter, output: Output): ExitCode {
  const { lostCalls, failure } = writer.stats;
  if (lostCalls === 0) return EXIT.done;
  output.warn(
    `Warning: ${counted(lostCalls, 'call')} could not be kept on "${writer.file}" ` +
      `(${failure ?? 'the disk failed for a while'}).`,
  );
  return EXIT.environment;
}

/** For a server that did not start: what it would have written to is put away first. */
export function closeAndRethrow(writer: TapeWriter | null): (error: unknown) => Promise<never> {
  return async (error) => {
    await writer?.close();
    throw error;
  };
}
