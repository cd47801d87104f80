/** How a text writes characters that it may not hold as they are. */
export interface Spelling {
  /** Matches whatever does not stand for itself. */
  readonly escapes: RegExp;
  /** The one character that an escape stands for. */
  readonly meaning: (escape: string) => string;
  /** Another character in the way of this escape; null when it does not fit into the same length. */
  readonly spell: (character: string, escape: string) => string | null;
  /** Any text, written so that it stands here. */
  readonly escape: (text: string) => string;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}

/** JSON strings (RFC 8259 section 7). */
export const JSON_SPELLING: Spelling = {
  escapes: /\\u[0-9a-fA-F]{4}|\\[^]/g,
  meaning: (escape) => {
    if (escape.length === 6) return String.fromCharCode(parseInt(escape.slice(2), 16));
    const letter = escape.slice(1);
    return SHORT_ESCAPES.get(letter) ?? letter;
  },
  spell: (character, escape) => {
    return escape.length === 6 ? `\\u${hex(character, 4)}` : null;
  },
  escape: (text) => JSON.stringify(text).slice(1, -1),
};

/** Form fields and query strings; `+` is a space in them. */
export const FORM_SPELLING: Spelling = {
  escapes: /%[0-9a-fA-F]{2}|\+/g,
  meaning: (escape) => {
    if (escape.length === 3) return String.fromCharCode(parseInt(escape.slice(1), 16));
    return ' ';
  },
  spell: (character, escape) => (escape.length === 3 ? `%${hex(character, 2)}` : character),
  escape: (text) => encodeURIComponent(text).replaceAll('*', '%2A'),
};

const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

/** Text and attributes of XML and HTML. */
export const XML_SPELLING: Spelling = {
  escapes: /&#x[0-9a-fA-F]{1,6};|&#\d{1,7};|&[a-zA-Z]{2,8};/g,
  meaning: (escape) => {
    const [, base, digits] = /^&#(x?)([0-9a-fA-F]+);$/.exec(escape) ?? [];
    if (digits === undefined) return NAMED_ENTITIES.get(escape) ?? '\u{fffd}';
    // One character in, one out, so that places in both texts agree.
    return String.fromCharCode(parseInt(digits, base === 'x' ? 16 : 10));
  },
  spell: (character, escape) => {
    const [, start = '', digits] = /^(&#x?)([0-9a-fA-F]+);$/.exec(escape) ?? [];
    if (digits === undefined) return null;
    const code = character.charCodeAt(0).toString(start === '&#x' ? 16 : 10);
    return code.length > digits.length ? null : `${start}${code.padStart(digits.length, '0')};`;
  },
  escape: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
};

/**
 * Changes what an escaped text stands for, and leaves the spelling of all that does not change: a
 * change that keeps the length of the meaning keeps the length of the raw text too.
 */
export function respell(
  raw: string,
  spelling: Spelling,
  change: (plain: string) => string,
): string {
  const { escapes, meaning, escape } = spelling;
  const plain = raw.replace(escapes, meaning);
  const changed = change(plain);
  if (changed === plain) return raw;
  if (changed.length !== plain.length) return escape(changed);
  if (plain.length === raw.length && plain === raw) return changed;
  return spelt(raw, changed, spelling);
}

/** The raw text with the characters of `changed` in it, one for each of its own. */
function spelt(raw: string, changed: string, { escapes, meaning, spell }: Spelling): string {
  let out = '';
  let read = 0;
  let put = 0;
  for (const { 0: escape, index } of raw.matchAll(escapes)) {
    const end = put + index - read;
    const character = changed.charAt(end);
    out += changed.slice(put, end);
    out += character === meaning(escape) ? escape : respelt(character, escape, spell);
    put = end + 1;
    read = index + escape.length;
  }
  return out + changed.slice(put);
}

/** A stand-in of the same length where the character itself does not fit, as 122 in place of 97. */
function respelt(character: string, escape: string, spell: Spelling['spell']): string {
  for (const one of [
    character,
    ...(/\d/.test(character) ? ['5', '6'] : ['c', 'd', 'X', 'Z', '5']),
  ]) {
    const written = spell(one, escape);
    if (written !== null) return written;
  }
  // A short escape such as \n, or a named entity: punctuation, which placeholders do not change.
  return 'x'.repeat(escape.length);
}

/** What a raw text stands for. */
export function meaningOf(raw: string, { escapes, meaning }: Spelling): string {
  return raw.replace(escapes, meaning);
}
