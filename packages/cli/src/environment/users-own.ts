import type { Environment } from './variables.ts';

/** Where the environment keeps what calltape has changed in it: JSON in base64url. */
export const SAVED = 'CALLTAPE_SAVED';

/** A value per changed variable; null for one that was not set. */
type Saved = ReadonlyMap<string, string | null>;

/**
 * The environment as it was before calltape changed it, so that a recorder within a recorder (or in
 * a shell that `calltape env` has set up) takes nothing of the other for the user's own.
 */
export function usersOwn(environment: Environment, platform: NodeJS.Platform): Environment {
  const entries = Object.entries(environment);
  // Windows finds a variable by any spelling of its name, such as Path.
  const own = new Map(
    entries.map(([name, value]) => [platform === 'win32' ? name.toUpperCase() : name, value]),
  );
  for (const [name, value] of saved(environment)) {
    if (value === null) own.delete(name);
    else own.set(name, value);
  }
  own.delete(SAVED);
  return Object.fromEntries(own);
}

/** What SAVED has to hold when these variables are changed in the user's own environment. */
export function savedValue(user: Environment, names: Iterable<string>): string {
  const before = Array.from(names, (name) => [name, user[name] ?? null]);
  return Buffer.from(JSON.stringify(before)).toString('base64url');
}

/** What calltape has changed in this environment, and what was there before. */
export function saved(environment: Environment): Saved {
  const text = environment[SAVED] ?? '';
  if (text === '') return new Map();
  try {
    const entries: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

function isEntry(value: unknown): value is [string, string | null] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [name, before]: unknown[] = value;
  return typeof name === 'string' && (before === null || typeof before === 'string');
}
