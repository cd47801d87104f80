/** How the words of a name are joined. */
export type WordStyle = 'snake' | 'kebab' | 'camel' | 'pascal' | 'upper' | 'spaced' | 'lower';

/** The style of a name; null when it is no name of words. */
export function styleOf(name: string): WordStyle | null {
  if (/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(name) && name.length > 1) return 'upper';
  if (/^[a-z][a-z\d]*$/.test(name)) return 'lower';
  if (/^[a-z][a-z\d]*(?:_[a-z\d]+)+$/.test(name)) return 'snake';
  if (/^[a-z][a-z\d]*(?:-[a-z\d]+)+$/.test(name)) return 'kebab';
  if (/^[a-z][a-z\d]*(?:[A-Z][a-z\d]*)+$/.test(name)) return 'camel';
  if (/^(?:[A-Z][a-z\d]+)+$/.test(name)) return 'pascal';
  return /^[A-Z]?[a-z]+(?: [A-Z]?[a-z]+)+$/.test(name) ? 'spaced' : null;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Words, all in lower case, as a name of a style. */
export function joined(words: readonly string[], style: WordStyle): string {
  switch (style) {
    case 'upper':
      return words.join('_').toUpperCase();
    case 'kebab':
      return words.join('-');
    case 'camel':
      return words.map((word, at) => (at === 0 ? word : capital(word))).join('');
    case 'pascal':
      return words.map(capital).join('');
    case 'spaced':
      return capital(words.join(' '));
    case 'snake':
    case 'lower':
      return words.join('_');
    default:
      return style satisfies never;
  }
}

/** The words of a name, in lower case. */
export function wordsOf(name: string): string[] {
  const parts = /[a-z]/.test(name) ? name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2') : name;
  return parts
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** The first style among names that shows how they join words; `snake` where none does. */
export function commonStyle(names: Iterable<string>): WordStyle {
  let fallback: WordStyle = 'snake';
  for (const name of names) {
    const style = styleOf(name);
    if (style === 'pascal' || style === 'upper') fallback = style;
    if (style !== null && style !== 'lower' && style !== 'pascal') return style;
  }
  return fallback;
}
