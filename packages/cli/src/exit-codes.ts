/** What calltape's exit codes mean; `calltape --help` prints this table. */
export const EXIT = {
  done: 0,
  /** A check found something: drift, a failed threshold. */
  found: 1,
  /** Wrong usage or bad input. */
  usage: 2,
  /** The machine stands in the way: port taken, no permission, Node too old. */
  environment: 3,
  /** The program that `calltape run` is to run may not be executed; as shells have it. */
  notExecutable: 126,
  /** There is no such program. */
  notFound: 127,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One of EXIT, or that of the program that was run. */
export type AnyExitCode = number;
