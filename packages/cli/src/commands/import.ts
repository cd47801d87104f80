import { basename, extname } from 'node:path';
import {
  openWriter,
  parseHar,
  TapeError,
  type DraftMessage,
  type HarCall,
  type TapeWriter,
  type WriterOptions,
} from '@calltape/store';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { inputText } from '../input-file.ts';
import { jsonLine } from '../output.ts';
import { redactOptions } from '../redact-flags.ts';
import type { ImportFlags } from '../tables/import.ts';
import { counted } from '../units.ts';

export const importCalls: Run<ImportFlags> = async (invocation) => {
  const { flag, arguments: files, tape, output } = invocation;
  // All are read before the tape is touched: one bad file, and nothing has changed.
  const redaction = redactOptions(flag, tape, output);
  const parsed: [string, HarCall[]][] = [];
  for (const file of files) parsed.push([file, parseHar(await inputText(file), file)]);
  for (const [file, drafts] of parsed) {
    const recording = basename(file, extname(file));
    await writeRecording(tape, recording, drafts, redaction);
    if (output.json) await output.data(jsonLine({ file, recording, calls: drafts.length }));
    output.talk(`Imported ${counted(drafts.length, 'call')} of ${file} as recording ${recording}.`);
  }
  return EXIT.done;
};

async function writeRecording(
  tape: string,
  name: string,
  drafts: readonly HarCall[],
  redaction: WriterOptions,
): Promise<void> {
  const writer = await openWriter(tape, { name, source: 'har' }, redaction);
  for (const draft of drafts) {
    if (draft.messages !== undefined) await writeMessages(writer, draft, draft.messages);
    writer.finish(draft);
    await drained(writer);
  }
  await writer.close();
  const { failure, lostCalls } = writer.stats;
  if (failure !== null || lostCalls > 0) {
    throw new TapeError(
      'TAPE_UNWRITABLE',
      `${counted(lostCalls, 'call')} could not be written to "${tape}": ${failure ?? 'unknown'}. ` +
        'Free some room or name another tape, then import again.',
    );
  }
}

async function writeMessages(
  writer: TapeWriter,
  draft: HarCall,
  messages: readonly DraftMessage[],
): Promise<void> {
  writer.show(draft);
  for (const message of messages) {
    writer.message(draft, message);
    await drained(writer);
  }
}

async function drained(writer: TapeWriter): Promise<void> {
  if (writer.full) await new Promise<void>((resolve) => writer.onceDrained(resolve));
}
