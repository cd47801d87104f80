import type { CommandSpec } from '../command.ts';
import { REDACT_FLAGS, type RedactFlags } from '../redact-flags.ts';

export type ImportFlags = RedactFlags;

export const IMPORT: CommandSpec<ImportFlags> = {
  name: 'import',
  summary: 'put the calls of HAR files, of nock or of another tape on the tape',
  details: [
    'Takes HAR 1.2 of browsers and proxies, the JSON of nock, and tapes. Each file becomes a recording named after it; those of a tape keep their names.',
    'One bad file, and none is imported. What is interrupted leaves nothing of its file.',
  ],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: REDACT_FLAGS,
  examples: [
    { line: 'calltape import browser.har --tape web.tape', does: 'a tape from a browser' },
    {
      line: 'calltape import fixtures/nock.json other.tape',
      does: 'nock recordings, another tape',
    },
  ],
};
