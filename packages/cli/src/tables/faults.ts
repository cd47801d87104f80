import type { CommandSpec } from '../command.ts';
import { optional } from '../flag.ts';
import { COUNT } from '../value-kinds.ts';

export interface FaultsFlags {
  readonly pid: number | undefined;
}

export const FAULTS: CommandSpec<FaultsFlags> = {
  name: 'faults',
  summary: 'show and change the faults of a mock that runs with --control-port',
  details: [
    'ACTION is list (without one too), add RULE, remove ID, on ID, off ID, profile NAME (none for no profile), or ' +
      'reset, which has sequences and the counts of rules begin anew.',
    'It finds the mock by itself where one of yours runs; of several --pid says which.',
  ],
  arguments: [
    { name: 'ACTION', required: false, many: false },
    { name: 'WHAT', required: false, many: false },
  ],
  flags: { pid: optional(COUNT, 'the process of the mock, where several run') },
  examples: [
    { line: 'calltape faults', does: 'the rules in force, and how often each has struck' },
    { line: "calltape faults add 'POST /v1/charges status=503'", does: 'one more rule' },
    { line: 'calltape faults off 1', does: 'switch a rule off; its counts stay' },
    { line: 'calltape faults profile flaky', does: 'the rules of another profile' },
  ],
};
