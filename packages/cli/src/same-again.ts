import { hidden } from './running/command-text.ts';
import { quoted } from './shell-quoted.ts';
import type { FlagTable } from './flag.ts';
import type { GivenFlags } from './flag-reader.ts';

/** What a mock was started with, for the line that starts the same again. */
export interface Started<F> {
  /** The command, and what it plays as it is named on its command line. */
  readonly words: readonly string[];
  readonly table: FlagTable<F>;
  readonly given: GivenFlags;
  readonly seed: number;
  /** The command line of the program that it is run for. */
  readonly program?: readonly string[];
}

/** The flags with their values as they were given, in the order of the table. */
function flagWords<F>(table: FlagTable<F>, given: GivenFlags): string[] {
  const words: string[] = [];
  for (const name in table) {
    const { type, multiple, dashed } = table[name];
    const texts = given.get(name) ?? [];
    if (name === 'seed') continue;
    for (const text of multiple ? texts : texts.slice(-1)) {
      if (type === 'boolean') words.push(`--${name}`);
      else if (text.startsWith('-') && !dashed) words.push(`--${name}=${text}`);
      else words.push(`--${name}`, text);
    }
  }
  return words;
}

/**
 * The command line that has the same mock again: what was typed, and the seed that was drawn. Secrets in it are
 * masked, whoever may read it.
 */
export function sameAgain<F>({ words, table, given, seed, program = [] }: Started<F>): string {
  const flags = flagWords(table, given);
  const own = ['calltape', ...words, '--seed', String(seed), ...flags];
  const all = program.length === 0 ? own : [...own, '--', ...program];
  return hidden(all).map(quoted).join(' ');
}
