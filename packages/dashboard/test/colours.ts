const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');

/** The colour codes in a text (ECMA-48, SGR), each once. */
export function coloursIn(text: string): Set<string> {
  return new Set(text.match(COLOUR));
}

/** The text without them; any other escape sequence stays. */
export function withoutColours(text: string): string {
  return text.replaceAll(COLOUR, '');
}
