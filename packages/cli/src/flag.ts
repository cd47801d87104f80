import type { ValueKind } from './value-kinds.ts';

/** One flag of the tables: how it is typed, what it means, what its text becomes. */
export interface Flag<T> {
  readonly type: 'boolean' | 'string';
  readonly multiple: boolean;
  /** Whether a value may begin with a single dash, as in `--match -body`. */
  readonly dashed: boolean;
  /** Whether further words behind its value are values too: `--mock one.tape two.tape -- npm test`. */
  readonly severalWords?: true;
  readonly short: string | null;
  /** What stands for the value in the help text; null for a flag without one. */
  readonly placeholder: string | null;
  readonly help: string;
  /** The value in force when the flag is not given, as a user would type it. */
  readonly fallback: string | null;
  /** What a value must look like, for the sentence that refuses another. */
  readonly expected: string;
  /** From the texts given, in order, to the value; undefined refuses them. */
  readonly read: (given: readonly string[]) => Read<T> | undefined;
}

/** A value that was accepted; boxed, because an absent flag's value may itself be undefined. */
export interface Read<T> {
  readonly value: T;
}

/** A flag of every property of `F`, under the property's name. */
export type FlagTable<F> = { readonly [K in keyof F]: Flag<F[K]> };

const PLAIN = {
  multiple: false,
  dashed: false,
  short: null,
  placeholder: null,
  fallback: null,
  expected: '',
};

export function yesNo(help: string, short: string | null = null): Flag<boolean> {
  return {
    ...PLAIN,
    type: 'boolean',
    short,
    help,
    read: (given) => ({ value: given.length > 0 }),
  };
}

export function optional<T>(
  kind: ValueKind<T>,
  help: string,
  short: string | null = null,
): Flag<T | undefined> {
  return {
    ...PLAIN,
    type: 'string',
    short,
    placeholder: kind.placeholder,
    help,
    expected: kind.expected,
    read: (given) => (given.length === 0 ? { value: undefined } : one(kind, given.at(-1))),
  };
}

export function withDefault<T>(kind: ValueKind<T>, fallback: string, help: string): Flag<T> {
  return {
    ...PLAIN,
    type: 'string',
    placeholder: kind.placeholder,
    help,
    fallback,
    expected: kind.expected,
    read: (given) => one(kind, given.at(-1) ?? fallback),
  };
}

export function repeatable<T>(kind: ValueKind<T>, help: string): Flag<readonly T[]> {
  return {
    ...PLAIN,
    type: 'string',
    multiple: true,
    placeholder: kind.placeholder,
    help,
    expected: kind.expected,
    read: (given) => {
      const values = given.flatMap((text) => kind.parse(text) ?? []);
      return values.length === given.length ? { value: values } : undefined;
    },
  };
}

/** The same flag, whose values may begin with a dash. */
export function dashed<T>(flag: Flag<T>): Flag<T> {
  return { ...flag, dashed: true };
}

/** The same flag, which takes all words up to the next flag. */
export function severalWords<T>(flag: Flag<T>): Flag<T> {
  return { ...flag, severalWords: true };
}

function one<T>(kind: ValueKind<T>, text: string | undefined): Read<T> | undefined {
  const value = text === undefined ? undefined : kind.parse(text);
  return value === undefined ? undefined : { value };
}
