import type { CommandSpec } from '../command.ts';

export const DOCTOR: CommandSpec<unknown> = {
  name: 'doctor',
  summary: 'find out which programs of this machine can be recorded, and what stands in the way',
  details: [
    'Runs a small call through a recorder of its own with every client it finds (Node.js, curl, ' +
      'git, Python, Java, Go, Deno, Bun, Ruby, PHP, Perl), to a made-up host that is on this ' +
      'machine, and looks at the certificate, the tape, the port and your environment. ' +
      'Ends with 1 when something needs attention.',
  ],
  arguments: [],
  flags: {},
  examples: [
    { line: 'calltape doctor', does: 'everything, in a table' },
    { line: 'calltape doctor --json', does: 'a line of JSON for each finding' },
  ],
};
