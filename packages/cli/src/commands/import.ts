import { realpath } from 'node:fs/promises';
import type { Run } from '../command.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { importRecording } from '../import-recording.ts';
import { importSources, type ImportSource } from '../import-source.ts';
import { jsonLine } from '../output.ts';
import { redactOptions } from '../redact-flags.ts';
import type { ImportFlags } from '../tables/import.ts';
import { counted } from '../units.ts';

export const importCallsOf: Run<ImportFlags> = async (invocation) => {
  const { flag, arguments: files, tape, output } = invocation;
  // All are read before the tape is touched: one bad file, and nothing has changed.
  const redaction = redactOptions(flag, tape, output);
  const sources: ImportSource[] = [];
  for (const file of files) {
    await checkOther(file, tape);
    sources.push(...(await importSources(file, flag('seed'))));
  }
  for (const source of sources) {
    const { file, start, calls, leftOut, warnings = [] } = source;
    await importRecording(tape, source, redaction, output);
    const left = Object.fromEntries(leftOut);
    if (output.json) {
      await output.data(jsonLine({ file, recording: start.name, calls, left_out: left }));
    }
    output.talk(`Imported ${counted(calls, 'call')} of ${file} as recording ${start.name}.`);
    const parts = [...leftOut].map(([what, many]) => counted(many, what));
    for (const warning of warnings) output.talk(warning);
    if (parts.length > 0) output.talk(`Left out of ${file}: ${parts.join(', ')}.`);
  }
  return EXIT.done;
};

async function checkOther(file: string, tape: string): Promise<void> {
  const [one, other] = await Promise.all(
    [file, tape].map((path) => realpath(path).catch(() => null)),
  );
  if (one === null || one === undefined || one !== other) return;
  throw new CliError(
    'ARGUMENT_INVALID',
    `"${file}" is the tape itself: name another tape with --tape to copy it there.`,
  );
}
