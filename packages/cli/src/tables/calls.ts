import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, COUNT } from '../value-kinds.ts';

export interface CallsFlags {
  readonly recording: string | undefined;
  readonly limit: number;
  readonly follow: boolean;
}

export const CALLS: CommandSpec<CallsFlags> = {
  name: 'calls',
  summary: 'list the calls on a tape, the newest last',
  details: [
    'A FILTER is made of conditions such as host:stripe, path:/v1, status:5xx, ms>300, body:text, since:5m or plain words, with and, or, - for not, and brackets.',
  ],
  arguments: [{ name: 'FILTER', required: false, many: true }],
  flags: {
    recording: optional(anyText('NAME'), 'only this recording'),
    limit: withDefault(COUNT, '50', 'at most this many, the newest'),
    follow: yesNo('go on with each call as it ends, until Ctrl-C', 'f'),
  },
  examples: [
    { line: 'calltape calls', does: 'the last 50 calls' },
    { line: 'calltape calls status:5xx', does: 'the failed ones' },
    { line: 'calltape calls --follow host:stripe', does: 'and those to come, as they end' },
    { line: 'calltape calls --json --limit 1000', does: 'JSON lines for a program' },
  ],
};
