const SYMBOL_FOR_NULL = 0x2400;
const SYMBOL_FOR_DELETE = '\u2421';

// C0 and DEL, C1, then everything that takes no room or reorders its neighbours: soft hyphen, bidi
// and format characters, line and paragraph separators, Hangul fillers, variation selectors, tags,
// private use, lone surrogates and unassigned code points.
const HIDDEN =
  /[\u034f\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|[\u180b-\u180d\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

const CROWDED_MARKS = /(\p{M}{2})\p{M}+/gu;

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(SYMBOL_FOR_NULL + code);
  if (code === 0x7f) return SYMBOL_FOR_DELETE;
  return `‹${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/**
 * Makes text from the network safe to print on a terminal: control, escape, bidi and invisible
 * characters are shown instead of acting, and combining marks are capped at two a base character.
 *
 * @param text - Anything that came from a tape or the network.
 * @param keepLines - Leaves line feeds as they are and widens tabs to two spaces, for bodies.
 */
export function visible(text: string, keepLines = false): string {
  const marked = text.replace(CROWDED_MARKS, '$1');
  return marked.replace(HIDDEN, (character) => {
    if (keepLines && character === '\n') return '\n';
    if (keepLines && character === '\t') return '  ';
    return spell(character);
  });
}
