import type { CommandSpec } from '../command.ts';

export const RECORDINGS: CommandSpec<unknown> = {
  name: 'recordings',
  summary: 'list the recordings on a tape',
  details: [],
  arguments: [],
  flags: {},
  examples: [
    { line: 'calltape recordings --tape dev.tape', does: 'each run, its source and time' },
  ],
};
