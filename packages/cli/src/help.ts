import { COMMANDS, type AnyFlags, type Command } from './command-list.ts';
import type { Argument } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './tables/global.ts';

const WIDTH = 80;

/** The help text of one command, or of the whole program. */
export function helpText(command: Command | null): string {
  return `${(command === null ? programHelp() : commandHelp(command)).join('\n')}\n`;
}

function programHelp(): string[] {
  const commands = COMMANDS.map(({ spec }) => [spec.name, spec.summary] as const);
  return [
    "calltape records, mocks and watches calls to other people's APIs.",
    '',
    'Usage: calltape COMMAND [FLAGS]',
    '',
    'Commands:',
    ...columns([...commands, ['help COMMAND', 'show the help of a command']]),
    '',
    'Flags of every command:',
    ...columns(flagRows(GLOBAL_FLAGS)),
    '',
    'Examples:',
    ...COMMANDS.flatMap(({ spec }) => spec.examples.slice(0, 1).flatMap(exampleLines)),
    '',
    ...wrap(
      `Exit codes: ${EXIT.done} done, ${EXIT.found} a check found something, ` +
        `${EXIT.usage} wrong usage or bad input, ${EXIT.environment} the machine stands in the way ` +
        `(port taken, no permission, old Node), ${EXIT.interrupted} interrupted.`,
      '',
    ),
  ];
}

function commandHelp({ spec }: Command): string[] {
  const own = flagRows(spec.flags);
  return [
    ...wrap(`calltape ${spec.name}: ${spec.summary}`, ''),
    '',
    `Usage: ${usage(spec)}`,
    ...spec.details.flatMap((paragraph) => ['', ...wrap(paragraph, '')]),
    ...(own.length === 0 ? [] : ['', 'Flags:', ...columns(own)]),
    '',
    'Flags of every command:',
    ...columns(flagRows(GLOBAL_FLAGS)),
    '',
    'Examples:',
    ...spec.examples.flatMap(exampleLines),
  ];
}

function usage(spec: Command['spec']): string {
  const words = spec.arguments.map(argumentWord).join(' ');
  const rest = spec.runsProgram === true ? `[FLAGS] -- ${words}` : `${words} [FLAGS]`;
  return `calltape ${spec.name} ${rest.trimStart()}`;
}

function argumentWord({ name, required, many }: Argument): string {
  const word = many ? `${name}...` : name;
  return required ? word : `[${word}]`;
}

function flagRows(flags: AnyFlags): [string, string][] {
  return Object.entries(flags).map(([name, flag]) => {
    const short = flag.short === null ? '' : `-${flag.short}, `;
    const value = flag.placeholder === null ? '' : ` ${flag.placeholder}`;
    const fallback = flag.fallback === null ? '' : ` (default ${flag.fallback})`;
    return [`${short}--${name}${value}`, `${flag.help}${fallback}`];
  });
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([word]) => word.length)) + 4;
  return rows.flatMap(([word, text]) => {
    const [first = '', ...more] = wrap(text, ' '.repeat(left));
    return [`  ${word}`.padEnd(left) + first.trimStart(), ...more];
  });
}

function exampleLines(example: { readonly line: string; readonly does: string }): string[] {
  return [`  ${example.line}`, `      ${example.does}`];
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (line !== '' && longer.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
