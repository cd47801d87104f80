import type { CommandSpec } from '../command.ts';
import { optional, yesNo } from '../flag.ts';
import { FILE } from '../value-kinds.ts';

export interface EndpointsFlags {
  readonly config: string | undefined;
  readonly 'dry-run': boolean;
}

export const ENDPOINTS: CommandSpec<EndpointsFlags> = {
  name: 'endpoints',
  summary: 'list the endpoints called, learned from all calls; correct them',
  details: [
    'Paths become templates by the look of their segments and by what their siblings answer, and the calls on ' +
      'the tape get the endpoints found. TEXT shows only those that have it in their method or place.',
    'set TEMPLATE keeps a correction in calltape.config.json, also a path without parameters that is an endpoint ' +
      'of its own; unset TEMPLATE takes it back.',
  ],
  arguments: [{ name: 'TEXT | set TEMPLATE | unset TEMPLATE', required: false, many: true }],
  flags: {
    config: optional(FILE, 'the file with corrections (default calltape.config.json)'),
    'dry-run': yesNo('only show them; leave the tape as it is'),
  },
  examples: [
    { line: 'calltape endpoints', does: 'one line an endpoint' },
    { line: 'calltape endpoints /v1/customers', does: 'those that have this text' },
    { line: "calltape endpoints set 'GET /v1/things/{thing}'", does: 'correct a template' },
    { line: "calltape endpoints set '/users/bob'", does: 'this path is no value of {user}' },
  ],
};
