import { openWriter, TapeError, undoRecording } from '@calltape/store';
import type { ImportSource } from './import-source.ts';
import type { Output } from './output.ts';
import { startProgress } from './progress.ts';
import { counted } from './units.ts';

/** Writes the calls as a recording, or when that fails or is interrupted, none of them. */
export async function importRecording(
  tape: string,
  { start, calls, drafts }: ImportSource,
  redact: boolean,
  output: Output,
): Promise<void> {
  const writer = await openWriter(tape, start, { redact });
  const progress = startProgress({ doing: 'Importing', unit: 'call', total: calls }, output);
  try {
    for (const draft of drafts()) {
      writer.finish(draft);
      if (writer.full) await new Promise<void>((resolve) => writer.onceDrained(resolve));
      await progress.step();
    }
    await writer.close();
    const { failure, lostCalls } = writer.stats;
    if (failure !== null || lostCalls > 0) throw unwritable(tape, lostCalls, failure);
  } catch (error) {
    await writer.close();
    undoRecording(tape, writer.recordingId);
    throw error;
  } finally {
    progress.end();
  }
}

function unwritable(tape: string, lostCalls: number, failure: string | null): TapeError {
  return new TapeError(
    'TAPE_UNWRITABLE',
    `${counted(lostCalls, 'call')} could not be written to "${tape}": ${failure ?? 'unknown'}. ` +
      'Free some room or name another tape, then import again.',
  );
}
