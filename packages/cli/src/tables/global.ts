import type { GlobalFlags } from '../command.ts';
import { optional, yesNo, type FlagTable } from '../flag.ts';
import { FILE } from '../value-kinds.ts';

export const GLOBAL_FLAGS: FlagTable<GlobalFlags> = {
  tape: optional(FILE, 'the tape to use (default CALLTAPE_TAPE, else calls.tape)'),
  json: yesNo('machine output on stdout: one JSON value, or JSON lines'),
  quiet: yesNo('say nothing on stderr but errors and warnings'),
  'no-color': yesNo('no colours (the same as a NO_COLOR variable)'),
  help: yesNo('show help, with examples', 'h'),
  version: yesNo('show the version'),
};
