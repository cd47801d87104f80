import { CliError } from './errors.ts';
import type { Flag, FlagTable } from './flag.ts';

/** The texts given for each flag, in order; an empty text for each time a yes-or-no flag was given. */
export type GivenFlags = ReadonlyMap<string, readonly string[]>;

/** The value of a flag of the table. */
export type FlagReader<F> = <K extends keyof F & string>(name: K) => F[K];

/** Checks every flag at once. Throws CliError FLAG_VALUE for a text its flag cannot take. */
export function flagReader<F>(table: FlagTable<F>, given: GivenFlags): FlagReader<F> {
  for (const [name, flag] of Object.entries<Flag<unknown>>(table)) readFlag(name, flag, given);
  return (name) => readFlag(name, table[name], given);
}

function readFlag<T>(name: string, flag: Flag<T>, given: GivenFlags): T {
  const texts = given.get(name) ?? [];
  const read = flag.read(texts);
  if (read !== undefined) return read.value;
  throw new CliError(
    'FLAG_VALUE',
    `--${name} cannot be ${JSON.stringify(texts.at(-1) ?? '')}: expected ${flag.expected}.`,
  );
}
