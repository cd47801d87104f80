import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../src/args.ts';
import { COMMANDS } from '../src/command-list.ts';
import { helpText } from '../src/help.ts';
import { shellCommands } from '../../../scripts/shell-words.ts';

function refusal(...argv: string[]): string {
  try {
    parseCommandLine(argv);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return 'accepted';
}

describe('a command line', () => {
  test('may have global flags before and after the command', () => {
    const request = parseCommandLine(['--tape', 'a.tape', 'calls', '--json', 'status:5xx']);
    expect(request).toMatchObject({ kind: 'run', arguments: ['status:5xx'] });
    if (request.kind !== 'run') return;
    expect([request.global('tape'), request.global('json')]).toEqual(['a.tape', true]);
  });

  test.each([
    ['calls', '-path:/health', '!path:/health'],
    ['calls', '-health', '!health'],
    ['calls', '-ms>300', '!ms>300'],
    ['export', '-outcome:error', '!outcome:error'],
    ['export', '-(status:5xx)', '!(status:5xx)'],
    ['calls', '-"a b"', '!"a b"'],
  ])('%s %s: a condition that must not hold', (command, word, meant) => {
    const request = parseCommandLine([command, 'host:a', word, '--json']);
    expect(request).toMatchObject({ kind: 'run', arguments: ['host:a', meant] });
  });

  test('still knows its short flags among filters', () => {
    expect(parseCommandLine(['calls', '-h', 'path:/a'])).toMatchObject({ kind: 'help' });
    expect(parseCommandLine(['export', '-oa.har'])).toMatchObject({ arguments: [] });
    expect(refusal('record', 'http://a.example', '--skip', '-path:/health')).toBe('accepted');
  });

  test('takes what follows -- as it is', () => {
    expect(parseCommandLine(['calls', '--', '--json'])).toMatchObject({ arguments: ['--json'] });
  });

  test("leaves a command that is to be run its own flags, also those of calltape's name", () => {
    const command = ['npm', 'run', '--tape', 'x', '--', '--help', '--version'];
    const request = parseCommandLine(['run', '--quiet', '--', ...command]);
    expect(request).toMatchObject({ kind: 'run', arguments: command });
    if (request.kind !== 'run') return;
    expect([request.global('tape'), request.global('quiet')]).toEqual([undefined, true]);
  });

  test.each([
    [['recrod'], 'There is no command "recrod": did you mean calltape record?'],
    [['help', 'mokc'], 'There is no command "mokc": did you mean calltape mock?'],
    [['record', 'http://a', '--prot', '3'], 'no flag --prot: did you mean --port?'],
    [['calls', '--rec', 'x'], 'did you mean --recording?'],
    [['calls', '--no-colour'], 'did you mean --no-color?'],
    [['record', 'http://a', '--fault', 'x'], 'it is a flag of calltape run and mock.'],
    [['--port', '3', 'record', 'http://a'], 'it goes after the command'],
    [['mock', '--__proto__'], 'no flag --__proto__'],
    [['calls', '-x'], 'no flag -x'],
    [[], 'No command given'],
    [['import'], 'needs a FILE, as in: calltape import'],
    [['show'], 'needs an ID'],
    [['record', 'http://a.example', '2'], 'does not know what to do with "2"'],
    [['mock', '--port', 'abc'], '--port cannot be "abc": expected a whole number from 0 to 65535'],
    [['mock', '--port', '65536'], '--port cannot be "65536"'],
    [['mock', '--port'], '--port needs a value'],
    [['mock', '--match', '--lenient'], '--match needs a value, and --lenient looks like a flag'],
    [['calls', '--tape', '--json'], 'write --tape=--json'],
    [['calls', '--json=yes'], '--json takes no value'],
    [['mock', '--repeat', 'never'], 'expected one of last, cycle, once'],
    [['record', 'http://a', '--body-limit', '10 apples'], 'expected a size such as 200kb'],
    [['dashboard', '--since', '15'], 'expected a length of time such as 30s'],
    [['calls', '--limit', '0'], 'expected a whole number above 0'],
    [['calls', '--tape', ''], '--tape cannot be ""'],
  ])('%j is refused with what to do', (argv, sentence) => {
    expect(refusal(...argv)).toContain(sentence);
  });
});

describe('the help text', () => {
  test.each(COMMANDS.map((command) => [command.spec.name, command] as const))(
    'of %s names every flag, fits 80 columns, and its examples are accepted',
    (_name, command) => {
      const text = helpText(command);
      for (const flag of Object.keys(command.spec.flags)) expect(text).toContain(`--${flag}`);
      for (const { line } of command.spec.examples) {
        const words = shellCommands(line).find(([program]) => program === 'calltape');
        expect(refusal(...(words ?? []).slice(1))).toBe('accepted');
      }
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  test('of the program lists every command', () => {
    const text = helpText(null);
    for (const { spec } of COMMANDS) expect(text).toContain(`  ${spec.name}  `);
  });

  test.each([[['--help']], [['help']], [['-h']], [['calls', '--help', '--bogus']]])(
    '%j asks for it',
    (argv) => {
      expect(parseCommandLine(argv).kind).toBe('help');
    },
  );
});
