import type { AnyFlags } from './command-list.ts';

/** `--mock one two -- npm test` as `--mock one --mock two -- npm test`, for flags that take several words. */
export function withSeveralWords(words: readonly string[], table: AnyFlags): string[] {
  const end = words.indexOf('--');
  const own = end === -1 ? [...words] : words.slice(0, end);
  let flag = '';
  let values = 0;
  const read = own.flatMap((word) => {
    if (word.startsWith('-')) {
      flag = takesSeveral(word, table) ? word : '';
      values = 0;
      return [word];
    }
    values += 1;
    return flag === '' || values === 1 ? [word] : [flag, word];
  });
  return end === -1 ? read : [...read, ...words.slice(end)];
}

function takesSeveral(word: string, table: AnyFlags): boolean {
  const name = word.slice(2);
  return word.startsWith('--') && Object.hasOwn(table, name) && table[name]?.severalWords === true;
}
