import type { CommandSpec } from '../command.ts';
import { withDefault } from '../flag.ts';
import { REDACT_FLAGS, type RedactFlags } from '../redact-flags.ts';
import { SEED } from '../value-kinds.ts';

export interface ImportFlags extends RedactFlags {
  readonly seed: number;
}

export const IMPORT: CommandSpec<ImportFlags> = {
  name: 'import',
  summary:
    'put the calls of HAR files, of nock, of an OpenAPI description or of another tape on the tape',
  details: [
    'Takes HAR 1.2 of browsers and proxies, the JSON of nock, OpenAPI descriptions, and tapes. Each file becomes a recording named after it; those of a tape keep their names.',
    'An OpenAPI description gives a call for each response of each operation, by its examples, and by its schema where it has none; those that a mock would not answer with are a recording of their own, NAME-others.',
    'One bad file, and none is imported. What is interrupted leaves nothing of its file.',
  ],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: {
    ...REDACT_FLAGS,
    seed: withDefault(
      SEED,
      '0',
      'what values without an example in an OpenAPI description follow from',
    ),
  },
  examples: [
    { line: 'calltape import browser.har --tape web.tape', does: 'a tape from a browser' },
    { line: 'calltape import openapi.yaml --tape api.tape', does: 'what a description tells of' },
    {
      line: 'calltape import fixtures/nock.json other.tape',
      does: 'nock recordings, another tape',
    },
  ],
};
