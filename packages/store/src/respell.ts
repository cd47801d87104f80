/** How a text writes characters that it may not hold as they are. */
export interface Spelling {
  /** Splits a text into its characters as they are written. */
  readonly units: (raw: string) => string[];
  /** The character that a unit stands for. */
  readonly meaning: (unit: string) => string;
  /** Another character in the way of this unit; null when it does not fit into the same length. */
  readonly spell: (character: string, unit: string) => string | null;
  /** Any text, written so that it stands here. */
  readonly escape: (text: string) => string;
  /** The character without which all units stand for themselves. */
  readonly marks: RegExp;
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
  marks: /\\/,
  units: (raw) => raw.match(/\\u[0-9a-fA-F]{4}|\\[^]|[^]/g) ?? [],
  meaning: (unit) => {
    if (unit.length === 6) return String.fromCharCode(parseInt(unit.slice(2), 16));
    if (unit.length !== 2) return unit;
    const letter = unit.slice(1);
    return SHORT_ESCAPES.get(letter) ?? letter;
  },
  spell: (character, unit) => {
    if (unit.length === 6) return `\\u${hex(character, 4)}`;
    return unit.length === 1 ? character : null;
  },
  escape: (text) => JSON.stringify(text).slice(1, -1),
};

/** Form fields and query strings; `+` is a space in them. */
export const FORM_SPELLING: Spelling = {
  marks: /[%+]/,
  units: (raw) => raw.match(/%[0-9a-fA-F]{2}|[^]/g) ?? [],
  meaning: (unit) => {
    if (unit.length === 3) return String.fromCharCode(parseInt(unit.slice(1), 16));
    return unit === '+' ? ' ' : unit;
  },
  spell: (character, unit) => (unit.length === 3 ? `%${hex(character, 2)}` : character),
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
  marks: /&/,
  units: (raw) => raw.match(/&#x[0-9a-fA-F]{1,6};|&#\d{1,7};|&[a-zA-Z]{2,8};|[^]/g) ?? [],
  meaning: (unit) => {
    if (unit.length === 1) return unit;
    const [, base, digits] = /^&#(x?)([0-9a-fA-F]+);$/.exec(unit) ?? [];
    if (digits === undefined) return NAMED_ENTITIES.get(unit) ?? '\u{fffd}';
    // One character in, one out, so that places in both texts agree.
    return String.fromCharCode(parseInt(digits, base === 'x' ? 16 : 10));
  },
  spell: (character, unit) => {
    if (unit.length === 1) return character;
    const [, start = '', digits] = /^(&#x?)([0-9a-fA-F]+);$/.exec(unit) ?? [];
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
  { marks, units, meaning, spell, escape }: Spelling,
  change: (plain: string) => string,
): string {
  if (!marks.test(raw)) {
    const changed = change(raw);
    return changed === raw || changed.length === raw.length ? changed : escape(changed);
  }
  const written = units(raw);
  const characters = written.map(meaning);
  const plain = characters.join('');
  const changed = change(plain);
  if (changed === plain) return raw;
  if (changed.length !== plain.length) return escape(changed);
  return written
    .map((unit, at) => {
      const character = changed.charAt(at);
      if (character === characters[at]) return unit;
      return spell(character, unit) ?? fitting(character, unit, spell);
    })
    .join('');
}

/** A stand-in of the same length where the character itself does not fit, as 122 in place of 97. */
function fitting(character: string, unit: string, spell: Spelling['spell']): string {
  const others = /\d/.test(character) ? '5' : 'cdXZ5';
  for (const other of others) {
    const spelt = spell(other, unit);
    if (spelt !== null) return spelt;
  }
  // A short escape such as \n, or a named entity: punctuation, which placeholders do not change.
  return 'x'.repeat(unit.length);
}
