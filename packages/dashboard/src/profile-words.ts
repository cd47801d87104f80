import type { FilterWords } from './filter-text.ts';
import { join, safe, show } from './safe.ts';

/** Whether a text names a profile, and which could be named. */
export function profileWords(text: string, profiles: readonly string[]): FilterWords {
  const known = ['none', ...profiles];
  const begun = known.filter((name) => name.startsWith(text.trim()));
  return {
    isValid: known.includes(text.trim()),
    words: safe`profile: ${join((begun.length === 0 ? known : begun).map(show), safe`, `)}`,
  };
}
