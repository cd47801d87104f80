import type { CommandSpec } from '../command.ts';

export const SCAN: CommandSpec<unknown> = {
  name: 'scan',
  summary: 'search tapes, HARs and other files for secrets',
  details: [
    'Tells the kind and place of each secret, and never the secret. A placeholder that a recorder put in the place of one is none.',
    'Ends with 1 when something was found, with 0 when nothing was.',
  ],
  arguments: [{ name: 'FILE', required: true, many: true }],
  flags: {},
  examples: [
    { line: 'calltape scan calls.tape', does: 'before the tape is passed on' },
    { line: 'calltape scan browser.har --json', does: 'a line of JSON a finding' },
  ],
};
