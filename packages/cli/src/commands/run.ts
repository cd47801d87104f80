import type { HandshakeFailure } from '@calltape/proxy';
import { visible } from '@calltape/store';
import type { Run } from '../command.ts';
import { prepareEnvironment } from '../environment/prepare.ts';
import { usersOwn } from '../environment/users-own.ts';
import { withVariables, type Environment } from '../environment/variables.ts';
import { CliError } from '../errors.ts';
import type { AnyExitCode } from '../exit-codes.ts';
import { startChild, type Child } from '../running/child.ts';
import { commandText, shortened } from '../running/command-text.ts';
import { checkRunFlags, mockStation } from '../running/mock-station.ts';
import { recordingStation } from '../running/recording-station.ts';
import type { Station } from '../running/station.ts';
import { findProgram } from '../running/find-program.ts';
import { runOutput, runTalk } from '../running/run-talk.ts';
import { UnseenCalls } from '../running/unseen-calls.ts';
import { startOf, type Start } from '../running/windows-command.ts';
import type { RunFlags } from '../tables/run.ts';
import { isoTime } from '../units.ts';

const { platform } = process;
/** Long enough for what the command has left behind, short enough for its user. */
const GRACE_MS = 5000;
const LONGEST_NAME = 60;
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export const run: Run<RunFlags> = async ({
  flag,
  given,
  arguments: words,
  tape,
  output: plain,
}) => {
  checkRunFlags(flag);
  const output = runOutput(plain);
  const user = usersOwn(process.env, platform);
  const program = programOf(words, user);
  const command = commandText(words, flag('no-redact'));
  const unseen = new UnseenCalls();
  const isMock = flag('mock').length > 0;
  const talk = runTalk(plain, isMock ? (flag('mock')[0] ?? tape) : tape, unseen);
  const name = flag('recording') ?? `${shortened(command, LONGEST_NAME)}@${isoTime(Date.now())}`;
  const onHandshakeFailure = (failure: HandshakeFailure): void => unseen.failed(failure);
  const station = isMock
    ? await mockStation(
        { flag, given, program: words, output, name, command, onHandshakeFailure },
        talk,
      )
    : await recordingStation(
        {
          flag,
          tape,
          output,
          name,
          command,
          origin: null,
          options: {
            onUnrecorded: (authority) => unseen.unread(authority),
            onTunnelFailure: (authority, failure) => unseen.failed({ ...failure, authority }),
            onHandshakeFailure,
          },
        },
        talk,
      );
  const wishes = { noProxy: flag('no-proxy'), allProxy: flag('all-proxy'), java: flag('java') };
  try {
    const { variables, notices } = await prepareEnvironment(user, station.url, wishes);
    talk.started(station.url, [...station.greeting, ...notices]);
    const child = await startChild(program, withVariables(user, variables, platform));
    const code = await untilEnded(child, station);
    return station.ended(code);
  } catch (error) {
    await station.stop(0);
    throw refusal(error, words[0] ?? '');
  }
};

/** Waits for the command, then for the calls it leaves behind. */
async function untilEnded(child: Child, station: Station): Promise<AnyExitCode> {
  for (const name of PASSED_ON) process.on(name, () => child.signal(name));
  void station.mustEnd.then(() => child.signal('SIGTERM'));
  const code = await child.ended;
  for (const name of PASSED_ON) process.on(name, () => station.cut());
  await station.stop(GRACE_MS);
  return code;
}

/** Throws CliError PROGRAM_NOT_FOUND or PROGRAM_NOT_EXECUTABLE, before a tape is made for nothing. */
function programOf([name = '', ...args]: readonly string[], user: Environment): Start {
  const found = findProgram(name, user, platform);
  if (found.kind === 'missing') throw notFound(name);
  if (found.kind === 'not-executable') throw notExecutable(found.file);
  // By its own name, which a program may ask for; the system looks along the same PATH.
  return startOf(platform === 'win32' ? found.file : name, args, platform);
}

function notFound(name: string): CliError {
  const path = /[/\\]/.test(name) ? '' : ' on your PATH';
  return new CliError(
    'PROGRAM_NOT_FOUND',
    `There is no program "${visible(name)}"${path}: check its name behind --.`,
  );
}

function notExecutable(file: string, cause?: unknown): CliError {
  return new CliError(
    'PROGRAM_NOT_EXECUTABLE',
    `"${visible(file)}" cannot be executed: make it executable (chmod +x), ` +
      'or put the program that runs it in front, such as node or sh.',
    { cause },
  );
}

/** The system may refuse what looked like a program, such as a script whose interpreter is not there. */
function refusal(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : null;
  const refused = code === 'ENOENT' || code === 'EACCES' || code === 'ENOEXEC';
  return refused ? notExecutable(name, error) : error;
}
