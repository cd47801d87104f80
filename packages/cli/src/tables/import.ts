import type { CommandSpec } from '../command.ts';
import { yesNo } from '../flag.ts';

export interface ImportFlags {
  readonly 'no-redact': boolean;
}

export const IMPORT: CommandSpec<ImportFlags> = {
  name: 'import',
  summary: 'put the calls of HAR 1.2 files on the tape',
  details: ['Each file becomes a recording named after it. One bad file, and none is imported.'],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: {
    'no-redact': yesNo('keep secrets as they are; by default placeholders stand for them'),
  },
  examples: [
    { line: 'calltape import browser.har --tape web.tape', does: 'a tape from a browser' },
  ],
};
