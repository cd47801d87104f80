import type { CommandSpec } from '../command.ts';
import { optional, withDefault } from '../flag.ts';
import { anyText, COUNT } from '../value-kinds.ts';

export interface CallsFlags {
  readonly recording: string | undefined;
  readonly limit: number;
}

export const CALLS: CommandSpec<CallsFlags> = {
  name: 'calls',
  summary: 'list the calls on a tape, the newest last',
  details: [],
  arguments: [{ name: 'FILTER', required: false, many: true }],
  flags: {
    recording: optional(anyText('NAME'), 'only this recording'),
    limit: withDefault(COUNT, '50', 'at most this many, the newest'),
  },
  examples: [
    { line: 'calltape calls', does: 'the last 50 calls' },
    { line: 'calltape calls status:5xx', does: 'the failed ones' },
    { line: 'calltape calls --json --limit 1000', does: 'JSON lines for a program' },
  ],
};
