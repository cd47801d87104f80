import type { CommandSpec } from '../command.ts';
import { yesNo } from '../flag.ts';

export interface ImportFlags {
  readonly 'no-redact': boolean;
}

export const IMPORT: CommandSpec<ImportFlags> = {
  name: 'import',
  summary: 'put the calls of HAR files, of nock or of another tape on the tape',
  details: [
    'Takes HAR 1.2 of browsers and proxies, the JSON of nock, and tapes. Each file becomes a recording named after it; those of a tape keep their names.',
    'One bad file, and none is imported. What is interrupted leaves nothing of its file.',
  ],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: {
    'no-redact': yesNo('keep secrets as they are; by default placeholders stand for them'),
  },
  examples: [
    { line: 'calltape import browser.har --tape web.tape', does: 'a tape from a browser' },
    {
      line: 'calltape import fixtures/nock.json other.tape',
      does: 'nock recordings, another tape',
    },
  ],
};
