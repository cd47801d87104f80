import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { SHELLS, type Shell } from '../environment/shell-lines.ts';
import { oneOf, PORT } from '../value-kinds.ts';
import { ENVIRONMENT_FLAGS, type EnvironmentFlags } from './environment.ts';

export interface EnvFlags extends EnvironmentFlags {
  readonly shell: Shell | undefined;
  readonly port: number;
  readonly unset: boolean;
}

export const ENV: CommandSpec<EnvFlags> = {
  name: 'env',
  summary: 'print what points the programs of a shell to a recorder',
  details: [
    'Prints the lines that set the variables of calltape run, for a calltape record without a ' +
      'TARGET that is running or will run. --unset prints those that bring back what was there.',
  ],
  arguments: [],
  flags: {
    shell: optional(oneOf(...SHELLS), 'the shell to print for (default: that of SHELL)'),
    port: withDefault(PORT, '4880', 'the port of the recorder on 127.0.0.1'),
    unset: yesNo('print how to undo it, for the shell that has been set up'),
    ...ENVIRONMENT_FLAGS,
  },
  examples: [
    { line: 'eval "$(calltape env)"', does: 'set up this bash or zsh' },
    { line: 'eval "$(calltape env --unset)"', does: 'and set it back' },
    { line: 'calltape env --shell fish | source', does: 'the same for fish' },
    {
      line: 'calltape env --shell powershell | Out-String | Invoke-Expression',
      does: 'the same for PowerShell',
    },
  ],
};
