import type { AnyFlags, Command } from './command-list.ts';

const CONDITION = /^-[A-Za-z][\w.-]+(?:[:=<>~]|!=)/;
const WORD = /^-(?:[A-Za-z]{2,}|[("'~])/;

/**
 * The words of a command line with filters in it, in which `-path:/health` is a condition that must
 * not hold and no group of short flags: written as `!path:/health`, which means the same.
 */
export function withNegatedWords(
  words: readonly string[],
  command: Command | null,
  table: AnyFlags,
): string[] {
  if (command === null || !takesFilters(command)) return [...words];
  const end = words.indexOf('--');
  return words.map((word, at) =>
    (end === -1 || at < end) && isNegated(word, table) ? `!${word.slice(1)}` : word,
  );
}

function takesFilters({ spec }: Command): boolean {
  const flags = Object.values(spec.flags).map(({ placeholder }) => placeholder);
  const names = spec.arguments.flatMap(({ name }) => name.split('|'));
  return [...names, ...flags].includes('FILTER');
}

/** `-ofile` is a short flag with its value, but `-outcome:error` is a condition. */
function isNegated(word: string, table: AnyFlags): boolean {
  if (CONDITION.test(word)) return true;
  const takesValue = Object.values(table).some(
    ({ short, type }) => type === 'string' && short === word[1],
  );
  return WORD.test(word) && !takesValue;
}
