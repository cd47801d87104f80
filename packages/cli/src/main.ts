import { parseCommandLine } from './args.ts';
import type { GlobalFlags } from './command.ts';
import { EXIT, type AnyExitCode } from './exit-codes.ts';
import type { FlagReader } from './flag-reader.ts';
import { helpText } from './help.ts';
import { processOutput, wantsColor, type Output } from './output.ts';
import { ownVersion } from './version.ts';

const DEFAULT_TAPE = 'calls.tape';

/**
 * Runs the program and ends the process; nothing else sets the exit code.
 *
 * @param argv - The words after the program's name.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endQuietly);
  // A recorder goes on when nobody listens to what it says any more.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => void end(failed(error, argv)));
  await end(run(argv).catch((error: unknown) => failed(error, argv)));
}

async function run(argv: readonly string[]): Promise<AnyExitCode> {
  const request = parseCommandLine(argv);
  if (request.kind === 'run') {
    return request.start({
      arguments: request.arguments,
      tape: request.global('tape') ?? (process.env['CALLTAPE_TAPE'] || DEFAULT_TAPE),
      output: outputFor(request.global),
    });
  }
  process.stdout.write(
    request.kind === 'help' ? helpText(request.command) : versionText(request.global),
  );
  return EXIT.done;
}

function versionText(global: FlagReader<GlobalFlags>): string {
  const version = ownVersion();
  return `${global('json') ? JSON.stringify({ version }) : version}\n`;
}

function outputFor(global: FlagReader<GlobalFlags>): Output {
  return processOutput({
    json: global('json'),
    quiet: global('quiet'),
    color: !global('no-color') && wantsColor(process.env),
  });
}

/** The error texts may quote a tape, so what they need to be harmless is loaded with them. */
async function failed(error: unknown, argv: readonly string[]): Promise<AnyExitCode> {
  const { explain } = await import('./explain.ts');
  const { text, exit } = explain(
    error,
    ownWords(argv).includes('--json'),
    (process.env['CALLTAPE_DEBUG'] ?? '') !== '',
  );
  process.stderr.write(`${text}\n`);
  return exit;
}

/** Without the command line of a program that is to be run. */
function ownWords(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes === -1 ? argv : argv.slice(0, dashes);
}

async function end(outcome: Promise<AnyExitCode>): Promise<void> {
  const code = await outcome;
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** Whoever read the output has had enough, as `head` does: nothing is wrong. */
function endQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.environment);
}
