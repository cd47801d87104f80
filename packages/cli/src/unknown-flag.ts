import { COMMANDS, type Command } from './command-list.ts';
import { nearestWord } from '@calltape/store/nearest-word';
import { CliError } from './errors.ts';
import { GLOBAL_FLAGS } from './tables/global.ts';

/** The refusal of a flag the command (null: none given yet) does not have, with what was meant. */
export function unknownFlag(typed: string, command: Command | null): CliError {
  const name = typed.replace(/^-+/, '');
  const where = command === null ? 'calltape' : `calltape ${command.spec.name}`;
  const owners = COMMANDS.filter(({ spec }) => Object.hasOwn(spec.flags, name));
  const [owner] = owners;
  if (typed.startsWith('--') && owner !== undefined) {
    const hint =
      command === null
        ? `it goes after the command, as in calltape ${owner.spec.name} ${typed}.`
        : `it is a flag of calltape ${owners.map(({ spec }) => spec.name).join(' and ')}.`;
    return new CliError('FLAG_UNKNOWN', `${where} has no flag ${typed}: ${hint}`);
  }
  const known = Object.keys({ ...command?.spec.flags, ...GLOBAL_FLAGS });
  const meant = nearestWord(name, known);
  const hint =
    meant === undefined ? `${where} --help lists its flags.` : `did you mean --${meant}?`;
  return new CliError('FLAG_UNKNOWN', `${where} has no flag ${typed}: ${hint}`);
}
