import { CliError } from './errors.ts';
import type { Flag, FlagTable } from './flag.ts';
import type { FlagReader } from './flag-reader.ts';
import type { Mode } from './mock-mode.ts';

/** Flags that say how an API is reached; a mock that never calls one has no use for them. */
const REACHING = ['map', 'upstream-proxy', 'ca', 'client-cert', 'insecure-host'] as const;

/** Flags that say how calls are kept; what is kept nowhere has no use for them. */
const KEEPING = [
  'recording',
  'only',
  'skip',
  'body-limit',
  'ws-message-limit',
  'ws-keep',
  'ws-keep-size',
  'redact',
  'no-redact',
  'keep',
  'keep-size',
  'keep-calls',
  'durable',
  'on-overflow',
  'strict',
] as const;

/** The flags of a table that have another value than when they are left out. */
export function changedFlags<F>(table: FlagTable<F>, flag: FlagReader<F>): string[] {
  const isChanged = <K extends keyof F & string>(name: K, { read }: Flag<F[K]>): boolean =>
    JSON.stringify(flag(name)) !== JSON.stringify(read([])?.value);
  return namesOf(table).filter((name) => isChanged(name, table[name]));
}

function namesOf<F>(table: FlagTable<F>): (keyof F & string)[] {
  const names: (keyof F & string)[] = [];
  for (const name in table) names.push(name);
  return names;
}

function refuse(name: string, why: string): never {
  throw new CliError('FLAG_VALUE', `--${name} ${why}`);
}

/**
 * Refuses flags that would do nothing in a mode. Throws CliError FLAG_VALUE.
 *
 * @param given - The flags that were given.
 */
export function checkPassingFlags(given: readonly string[], mode: Mode): void {
  const has = new Set(given);
  const reaching = REACHING.find((name) => has.has(name));
  if (reaching !== undefined && mode.name === 'none') {
    refuse(
      reaching,
      'is about calls to the API, and there are none: add --on-miss record, or leave it out.',
    );
  }
  const keeping = KEEPING.find((name) => has.has(name));
  const keeps = mode.name !== 'none' && mode.name !== 'passthrough';
  if (keeping !== undefined && !keeps) {
    refuse(
      keeping,
      'is about calls that are kept, and there are none: add --on-miss record, or leave it out.',
    );
  }
}
