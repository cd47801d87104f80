import type { CommandSpec } from '../command.ts';

export const ENDPOINTS: CommandSpec<unknown> = {
  name: 'endpoints',
  summary: 'list the endpoints called, with how often and how often in vain',
  details: [],
  arguments: [],
  flags: {},
  examples: [{ line: 'calltape endpoints', does: 'one line an endpoint' }],
};
