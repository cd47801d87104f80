import type { CommandSpec } from '../command.ts';
import { REDACT_FLAGS, type RedactFlags } from '../redact-flags.ts';

export type ImportFlags = RedactFlags;

export const IMPORT: CommandSpec<ImportFlags> = {
  name: 'import',
  summary: 'put the calls of HAR 1.2 files on the tape',
  details: ['Each file becomes a recording named after it. One bad file, and none is imported.'],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: REDACT_FLAGS,
  examples: [
    { line: 'calltape import browser.har --tape web.tape', does: 'a tape from a browser' },
  ],
};
