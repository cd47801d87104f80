/** A word as a person would type it for a shell; a mask in place of a secret stays readable. */
export function quoted(word: string): string {
  return /^(?:[\w@%+=:,./-]|\*{3})+$/.test(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
