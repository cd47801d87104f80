import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { COMMANDS, type AnyFlags, type Command, type Surroundings } from './command-list.ts';
import type { Argument, GlobalFlags } from './command.ts';
import { nearestWord } from '@calltape/store/nearest-word';
import { CliError } from './errors.ts';
import type { AnyExitCode } from './exit-codes.ts';
import { flagReader, type FlagReader, type GivenFlags } from './flag-reader.ts';
import { withNegatedWords } from './negated-words.ts';
import { withSeveralWords } from './several-words.ts';
import { GLOBAL_FLAGS } from './tables/global.ts';
import { unknownFlag } from './unknown-flag.ts';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'version'; readonly global: FlagReader<GlobalFlags> }
  | {
      readonly kind: 'run';
      readonly global: FlagReader<GlobalFlags>;
      readonly arguments: readonly string[];
      readonly start: (surroundings: Surroundings) => Promise<AnyExitCode>;
    };

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/**
 * Reads a command line (without the program's own name) by the tables.
 *
 * Throws CliError naming what is wrong, and the nearest right word where there is one.
 */
export function parseCommandLine(argv: readonly string[]): Request {
  const { command, rest: words } = takeCommand(argv);
  const table: AnyFlags = { ...GLOBAL_FLAGS, ...command?.spec.flags };
  const rest = withSeveralWords(words, table);
  if (command?.spec.runsProgram === true) checkDashes(command, rest, table);
  const { options, positionals } = tokenise(withNegatedWords(rest, command, table), table);
  if (options.some((option) => option.name === 'help')) return { kind: 'help', command };
  const given = collect(options, table, command);
  const global = flagReader(GLOBAL_FLAGS, given);
  if (global('version')) return { kind: 'version', global };
  if (command === null) {
    throw new CliError('COMMAND_MISSING', 'No command given: calltape --help lists them.');
  }
  const start = command.prepare(given);
  checkArguments(command, positionals);
  return { kind: 'run', global, arguments: positionals, start };
}

function takeCommand(argv: readonly string[]): { command: Command | null; rest: string[] } {
  const { tokens } = parsed([...argv], GLOBAL_FLAGS);
  const word = tokens.find((token) => token.kind === 'positional');
  const tooEarly = tokens.find(
    (token) =>
      token.kind === 'option' &&
      !(token.name in GLOBAL_FLAGS) &&
      token.index < (word?.index ?? Infinity),
  );
  if (tooEarly?.kind === 'option') throw unknownFlag(tooEarly.rawName, null);
  if (word?.kind !== 'positional') return { command: null, rest: [...argv] };
  const rest = argv.toSpliced(word.index, 1);
  if (word.value !== 'help') return { command: commandNamed(word.value), rest };
  return takeTopic(rest);
}

/** `help record` means `record --help`. */
function takeTopic(rest: readonly string[]): { command: Command | null; rest: string[] } {
  const topic = rest.find((word) => !word.startsWith('-'));
  return { command: topic === undefined ? null : commandNamed(topic), rest: ['--help'] };
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find(({ spec }) => spec.name === name);
  if (command !== undefined) return command;
  const meant = nearestWord(
    name,
    COMMANDS.map(({ spec }) => spec.name),
  );
  throw new CliError(
    'COMMAND_UNKNOWN',
    `There is no command ${JSON.stringify(name)}: ` +
      (meant === undefined
        ? 'calltape --help lists them.'
        : `did you mean calltape ${meant}? (calltape --help lists all)`),
  );
}

function parsed(args: string[], table: AnyFlags) {
  return parseArgs({
    args,
    options: parserOptions(table),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
}

function tokenise(
  args: string[],
  table: AnyFlags,
): { options: OptionToken[]; positionals: string[] } {
  const { tokens, positionals } = parsed(args, table);
  return { options: tokens.filter((token) => token.kind === 'option'), positionals };
}

function collect(
  options: readonly OptionToken[],
  table: AnyFlags,
  command: Command | null,
): GivenFlags {
  const given = new Map<string, string[]>();
  for (const option of options) {
    const flag = Object.hasOwn(table, option.name) ? table[option.name] : undefined;
    if (flag === undefined) throw unknownFlag(option.rawName, command);
    const text = flag.type === 'string' ? valueOf(option, flag.dashed) : noValue(option);
    given.set(option.name, [...(given.get(option.name) ?? []), text]);
  }
  return given;
}

function valueOf({ name, rawName, value, inlineValue }: OptionToken, dashed: boolean): string {
  if (value === undefined) {
    throw new CliError('FLAG_VALUE', `${rawName} needs a value after it.`);
  }
  const looksLikeFlag = dashed ? value.startsWith('--') : value.length > 1 && value.startsWith('-');
  if (inlineValue !== true && looksLikeFlag) {
    throw new CliError(
      'FLAG_VALUE',
      `${rawName} needs a value, and ${value} looks like a flag: ` +
        `if it is meant as the value, write --${name}=${value}`,
    );
  }
  return value;
}

function noValue({ rawName, value }: OptionToken): string {
  if (value === undefined) return '';
  throw new CliError('FLAG_VALUE', `${rawName} takes no value: leave out =${value}`);
}

/**
 * Without the dashes nobody could tell the program's flags from calltape's, so they are asked for
 * before a flag of the program is called unknown.
 */
function checkDashes({ spec }: Command, rest: string[], table: AnyFlags): void {
  const first = parsed(rest, table).tokens.find(
    (token) => token.kind !== 'option' || !Object.hasOwn(table, token.name),
  );
  if (first?.kind !== 'positional') return;
  throw new CliError(
    'ARGUMENT_UNEXPECTED',
    `calltape ${spec.name} needs -- in front of the command to run, as in: ${exampleOf(spec)}`,
  );
}

function exampleOf(spec: Command['spec']): string {
  return spec.examples[0]?.line ?? `calltape ${spec.name} --help`;
}

function checkArguments({ spec }: Command, given: readonly string[]): void {
  const missing = spec.arguments.find(({ required }, at) => required && given[at] === undefined);
  if (missing !== undefined) {
    throw new CliError(
      'ARGUMENT_MISSING',
      `calltape ${spec.name} needs ${withArticle(missing)}, as in: ${exampleOf(spec)}`,
    );
  }
  const surplus = given[spec.arguments.length];
  if (surplus !== undefined && spec.arguments.at(-1)?.many !== true) {
    throw new CliError(
      'ARGUMENT_UNEXPECTED',
      `calltape ${spec.name} does not know what to do with ${JSON.stringify(surplus)}: ` +
        `calltape ${spec.name} --help shows what it takes.`,
    );
  }
}

function withArticle({ name }: Argument): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

function parserOptions(table: AnyFlags): ParseArgsOptionsConfig {
  return Object.fromEntries(
    Object.entries(table).map(([name, { type, multiple, short }]) => [
      name,
      { type, multiple, ...(short === null ? {} : { short }) },
    ]),
  );
}
