import type { AnyExitCode } from '../exit-codes.ts';

/** What the calls of a command go to while it runs: a recorder, or a mock. */
export interface Station {
  /** A forward proxy. */
  readonly url: string;
  /** Resolves when the command has to end; never for most. */
  readonly mustEnd: Promise<void>;
  /** What to say when it has started, a line each. */
  readonly greeting: readonly string[];
  /** Calls under way get this long to end. */
  stop(graceMs: number): Promise<void>;
  /** Cuts what `stop` still waits for. */
  cut(): void;
  /** Says what came of it; to be asked when it has stopped. Returns what to end with. */
  ended(code: AnyExitCode): AnyExitCode;
}
