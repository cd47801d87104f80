import type { AnyExitCode } from './exit-codes.ts';
import type { FlagReader, GivenFlags } from './flag-reader.ts';
import type { FlagTable } from './flag.ts';
import type { Output } from './output.ts';

export interface Argument {
  /** As the help text shows it, such as `FILTER`. */
  readonly name: string;
  readonly required: boolean;
  readonly many: boolean;
}

export interface Example {
  /** The whole line, `calltape` included. */
  readonly line: string;
  readonly does: string;
}

/** Everything about a command but the doing: the parser, the help text and the docs check read it. */
export interface CommandSpec<F> {
  readonly name: string;
  readonly summary: string;
  /** Further paragraphs of the help text. */
  readonly details: readonly string[];
  readonly arguments: readonly Argument[];
  readonly flags: FlagTable<F>;
  /** The arguments are another program's command line, which begins behind `--`. */
  readonly runsProgram?: true;
  readonly examples: readonly Example[];
}

/** The flags every command has. */
export interface GlobalFlags {
  readonly tape: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly 'no-color': boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** What a command is started with. */
export interface Invocation<F> {
  readonly flag: FlagReader<F>;
  /** The flags as they were typed. */
  readonly given: GivenFlags;
  readonly arguments: readonly string[];
  /** The tape in force: `--tape`, else CALLTAPE_TAPE, else calls.tape. */
  readonly tape: string;
  readonly output: Output;
}

export type Run<F> = (invocation: Invocation<F>) => Promise<AnyExitCode>;
