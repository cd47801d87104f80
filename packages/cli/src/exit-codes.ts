/** What calltape's exit codes mean; `calltape --help` prints this table. */
export const EXIT = {
  done: 0,
  /** A check found something: drift, a failed threshold. */
  found: 1,
  /** Wrong usage or bad input. */
  usage: 2,
  /** The machine stands in the way: port taken, no permission, Node too old. */
  environment: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
