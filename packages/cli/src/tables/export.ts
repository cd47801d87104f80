import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, FILE, oneOf } from '../value-kinds.ts';

export type ExportFormat = 'har' | 'curl' | 'nock' | 'openapi' | 'wiremock';

export interface ExportFlags {
  readonly format: ExportFormat;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly recording: string | undefined;
  readonly 'no-redact': boolean;
}

export const EXPORT: CommandSpec<ExportFlags> = {
  name: 'export',
  summary: 'write calls of a tape in a format of other tools',
  details: [
    'har: HTTP Archive 1.2. curl: a shell script with a command a call. nock: definitions for nock.load of nock 15. ' +
      'openapi: an OpenAPI 3.1 document of what was called. wiremock: stub mappings for WireMock 3.',
    'Secrets are replaced also where they were recorded. Ctrl-C ends it and leaves no half file.',
  ],
  arguments: [{ name: 'FILTER', required: false, many: true }],
  flags: {
    format: withDefault(
      oneOf<ExportFormat>('har', 'curl', 'nock', 'openapi', 'wiremock'),
      'har',
      'what to write',
    ),
    output: optional(FILE, 'write to this file; without it, to stdout', 'o'),
    force: yesNo('replace the file if it is there'),
    recording: optional(anyText('NAME'), 'only this recording'),
    'no-redact': yesNo('leave secrets in, if they were recorded'),
  },
  examples: [
    { line: 'calltape export --format har -o calls.har', does: 'the whole tape' },
    { line: 'calltape export status:5xx > failed.har', does: 'the failed calls' },
    { line: 'calltape export --format curl id:12', does: 'a command that makes call 12 again' },
    {
      line: 'calltape export --format openapi -o api.json',
      does: 'the API, as far as it was called',
    },
  ],
};
