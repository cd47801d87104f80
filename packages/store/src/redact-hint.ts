import { CARD_HINT } from './redact-cards.ts';
import { KEY_HINT } from './redact-keys.ts';
import { NAME_HINT } from './redact-names.ts';

const NAMES = new RegExp(NAME_HINT, 'i');
const KEYS = new RegExp(KEY_HINT);

// Letters and digits that are written as escapes may hide anything.
const PLACES = new RegExp(
  String.raw`PRIVATE KEY|:\\{0,2}\/\\{0,2}\/[^/?#\s"'<>\\]{1,200}@|\/services\\{0,2}\/T|\/webhooks\\{0,2}\/\d|\/interactions\\{0,2}\/\d|\/hooks\\{0,2}\/[cs]|files\.slack\.com|\/bot\d{5}|\\u00(?:[4-7]|3\d)`,
);
const CARDS = new RegExp(CARD_HINT);
const DISCORD = /[MNO][\w-]{23,27}\.[\w-]{6}\./;

/**
 * Three characters of each alternative of the hints, the rarest ones: looking for all at once takes a
 * table and a pass, while an expression of a hundred alternatives tries each of them everywhere.
 */
const TRIPLES = [
  'ssw ssp ssc ecr oke pwd otp cvc cvv oki eyc key ssi ede sse uth ifi mlr gna cod t_t ntt rdn rd_ rd- jwt pas',
  'pid hma sig cke bea',
  'eyj k_l k_t p_l p_t hse xox xap gho ghp ghr ghs ghu b_p glp kia sia aiz ya2 //0 csp sg. shp sq0 eaa 1aa pm_ pyp _v1 hf_ gsk xai dck at- ck_ cs_ tt3 n_a ntn hvb hvs hvr pma snt nra 00d sk- -us :aa',
].flatMap((line) => line.split(' '));

const BITS = 5;
const LOW_BITS = (1 << BITS) - 1;
const TABLE_MASK = (1 << (3 * BITS)) - 1;

/** The low bits of a letter are the same in both cases. */
const table = new Uint8Array(TABLE_MASK + 1);
for (const triple of TRIPLES) {
  const codes = Array.from(triple, (character) => character.charCodeAt(0) & LOW_BITS);
  table[codes.reduce((bits, code) => (bits << BITS) | code, 0)] = 1;
}

/** Every hint is shorter, and so whole around three of its characters. */
const AROUND = 48;

/** Where a long text is looked at as bytes, a piece at a time; its length is a multiple of four. */
const piece = Buffer.allocUnsafe(16 * 1024);
/** From this length on that is faster, at 50 kB five times, characters. */
const LONG = 200;

function hasWords(text: string): boolean {
  if (text.length < LONG) return hasWordsInShort(text);
  // The end of a piece is looked at again with what follows, or a triple across would be missed.
  for (let start = 0; start < text.length; start += piece.length - 4) {
    // Of characters beyond latin1 the low bits remain, and no others are looked at.
    const length = piece.write(text.slice(start, start + piece.length), 'latin1');
    if (hasWordsInPiece(text, start, length)) return true;
  }
  return false;
}

/** Four places a turn, which takes two thirds of the time that one does. */
function hasWordsInPiece(text: string, start: number, length: number): boolean {
  let last = 0;
  // What is behind the end is of the piece before, and can but have the text looked at once more.
  for (let at = 0; at < length; at += 4) {
    const first = (last << BITS) | ((piece[at] ?? 0) & LOW_BITS);
    const second = (first << BITS) | ((piece[at + 1] ?? 0) & LOW_BITS);
    const third = (second << BITS) | ((piece[at + 2] ?? 0) & LOW_BITS);
    last = (third << BITS) | ((piece[at + 3] ?? 0) & LOW_BITS);
    const isAny = isTriple(first) | isTriple(second) | isTriple(third) | isTriple(last);
    if (isAny !== 0 && isHintAt(text, start + at)) return true;
  }
  return false;
}

/** The same without a copy, which is what takes longest with a short one. */
function hasWordsInShort(text: string): boolean {
  let last = 0;
  for (let at = 0; at < text.length; at += 1) {
    last = (last << BITS) | (text.charCodeAt(at) & LOW_BITS);
    if (isTriple(last) !== 0 && isHintAt(text, at)) return true;
  }
  return false;
}

function isHintAt(text: string, at: number): boolean {
  return isHint(text.slice(Math.max(0, at - AROUND), at + AROUND));
}

/** 1 for the triples that are looked for; bits in front of a triple do not count. */
function isTriple(bits: number): number {
  return table[bits & TABLE_MASK] ?? 0;
}

function isHint(text: string): boolean {
  return NAMES.test(text) || KEYS.test(text) || /bearer\s/i.test(text);
}

/** Whether a text may hold a secret; most do not, and are spared all else. */
export function isSuspect(text: string): boolean {
  return hasWords(text) || PLACES.test(text) || CARDS.test(text) || DISCORD.test(text);
}
