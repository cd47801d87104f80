import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, FILE, oneOf } from '../value-kinds.ts';

export interface ExportFlags {
  readonly format: 'har';
  readonly output: string | undefined;
  readonly force: boolean;
  readonly recording: string | undefined;
}

export const EXPORT: CommandSpec<ExportFlags> = {
  name: 'export',
  summary: 'write calls of a tape in a format of other tools',
  details: [],
  arguments: [{ name: 'FILTER', required: false, many: true }],
  flags: {
    format: withDefault(oneOf<'har'>('har'), 'har', 'HTTP Archive 1.2'),
    output: optional(FILE, 'write to this file; without it, to stdout', 'o'),
    force: yesNo('replace the file if it is there'),
    recording: optional(anyText('NAME'), 'only this recording'),
  },
  examples: [
    { line: 'calltape export --format har -o calls.har', does: 'the whole tape' },
    { line: 'calltape export status:5xx > failed.har', does: 'the failed calls' },
  ],
};
