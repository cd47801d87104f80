import {
  openWriter,
  TapeError,
  undoRecording,
  type HarCall,
  type TapeWriter,
  type WriterOptions,
} from '@calltape/store';
import type { ImportSource } from './import-source.ts';
import type { Output } from './output.ts';
import { startProgress, type Progress } from './progress.ts';
import { counted } from './units.ts';

/** Writes the calls as a recording, or when that fails or is interrupted, none of them. */
export async function importRecording(
  tape: string,
  { start, calls, drafts }: ImportSource,
  redaction: Pick<WriterOptions, 'redact' | 'redactRules'>,
  output: Output,
): Promise<void> {
  // First, as from here on an interruption has something to undo.
  const progress = startProgress({ doing: 'Importing', unit: 'call', total: calls }, output);
  try {
    const writer = await openWriter(tape, start, redaction);
    await writeAll(writer, drafts(), progress);
  } finally {
    progress.end();
  }
}

async function writeAll(
  writer: TapeWriter,
  drafts: Iterable<HarCall>,
  progress: Progress,
): Promise<void> {
  try {
    for (const draft of drafts) {
      if (draft.messages !== undefined) await writeMessages(writer, draft);
      writer.finish(draft);
      await drained(writer);
      await progress.step();
    }
    await writer.close();
    const { failure, lostCalls } = writer.stats;
    if (failure !== null || lostCalls > 0) throw unwritable(writer.file, lostCalls, failure);
  } catch (error) {
    await writer.close();
    undoRecording(writer.file, writer.recordingId);
    throw error;
  }
}

async function writeMessages(writer: TapeWriter, draft: HarCall): Promise<void> {
  writer.show(draft);
  for (const message of draft.messages ?? []) {
    writer.message(draft, message);
    await drained(writer);
  }
}

async function drained(writer: TapeWriter): Promise<void> {
  if (writer.full) await new Promise<void>((resolve) => writer.onceDrained(resolve));
}

function unwritable(tape: string, lostCalls: number, failure: string | null): TapeError {
  return new TapeError(
    'TAPE_UNWRITABLE',
    `${counted(lostCalls, 'call')} could not be written to "${tape}": ${failure ?? 'unknown'}. ` +
      'Free some room or name another tape, then import again.',
  );
}
