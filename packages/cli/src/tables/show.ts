import type { CommandSpec } from '../command.ts';
import { yesNo } from '../flag.ts';

export interface ShowFlags {
  readonly raw: boolean;
}

export const SHOW: CommandSpec<ShowFlags> = {
  name: 'show',
  summary: 'show one call whole: heads, bodies, timings',
  details: [],
  arguments: [{ name: 'ID', required: true, many: false }],
  flags: {
    raw: yesNo('write only the response body to stdout, byte for byte as it was received'),
  },
  examples: [
    { line: 'calltape show 12', does: 'call 12, to read' },
    { line: 'calltape show 12 --raw > body.bin', does: 'its response body as a file' },
  ],
};
