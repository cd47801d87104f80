import { isNameWithDigits, isPlace } from './words.ts';

/**
 * What a segment looks like by itself. `id`: a value. `maybe`: a name with a number, such as `web-1`,
 * which siblings decide. `word`: a name, or a value that is spelt like one.
 */
export type Look = 'id' | 'maybe' | 'word';

const VERSION = /^v\d+(?:[._]\d+)?(?:[._-]?(?:alpha|beta|rc)\d*)?$/i;
const NUMBER_VERSION = /^\d{1,2}(?:\.\d{1,2})?$/;
const DATE = /^\d{4}-(?:\d{2}(?:-\d{2}(?:[T ].*)?)?|W\d{2}|Q\d)$/;
const BEFORE_VERSION = /^(?:apis?|rest|admin|agile)$/i;

/** Values that no name is like. */
const IDS: readonly RegExp[] = [
  /^[+-]?\d+$/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{16,}$/i,
  /^(?=(?:.*\d){2})(?=.*[a-f])[0-9a-f]{7,15}$/,
  DATE,
  // A mail address, a package with its version, a handle.
  /^[^@\s]+@[^@\s]+$/,
  /^[@~]./,
  // Numbers with dots: versions of three parts, addresses, coordinates.
  /^v?\d+(?:\.\d+){2,}(?:[-+.]\w+)*$/i,
  /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,}$/i,
  /^-?\d+\.\d+$/,
  /^(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|edu|gov|de|uk|fr|eu|ch)$/i,
  // Prefix and token; the short ones are told from names below.
  /^[a-z]{2,12}(?:_[a-z]{2,8})?_(?=.*(?:[A-Z]|\d.*\d))[A-Za-z0-9-]{8,}$/,
  // Keys of trackers, codes in capitals.
  /^[A-Z][A-Z0-9]*-\d+$/,
  /^(?=.*\d)(?=.*[A-Z])[A-Z0-9]{5,}$/,
  /^P[A-Z0-9]{6}$/,
  // Two revisions, lists, keys with values, and what no name of a path has in it.
  /.\.\.\.?./,
  /[,;= /+'"|<>[\]]|[^ -~]/,
];
const SHORT_PREFIXED = /^([a-z]{2,6})([_-])([A-Za-z0-9]*\d[A-Za-z0-9]*)$/;
const TOKEN = /^[A-Za-z0-9_-]{16,}={0,2}$/;

/** A letter pair that names hardly have: a change from small to capital and back, twice. */
const MIXED_CASE = /[a-z][A-Z].*[A-Z][a-z].*[a-z][A-Z]/;

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}

/** Random characters: long, with digits among the letters or both cases mixed. */
function isToken(segment: string): boolean {
  if (!TOKEN.test(segment)) return false;
  const parts = segment.split(/[-_]/);
  const longest = Math.max(...parts.map((part) => part.length));
  if (longest < 10) return false;
  const changes = segment.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
  return changes >= 2 || (MIXED_CASE.test(segment) && /[A-Z]{2}|\d/.test(segment));
}

/** A part between dashes that is a hash or a running number: of `web-5d4f8b9c7-x2x4z`, `post-4821`. */
function hasIdPart(segment: string): boolean {
  const parts = segment.split(/[-_]/);
  if (parts.length < 2) return false;
  return parts.some(
    (part, at) =>
      (at > 0 && /^\d{3,}$/.test(part)) ||
      (part.length >= 5 && /\d[a-z]+\d|[a-z]\d+[a-z]/i.test(part)),
  );
}

/** Letters and digits without a word among them: `x7f9`, `ab12cd`. */
function isWordless(segment: string): boolean {
  if (!/^[A-Za-z0-9]{4,}$/.test(segment) || digitsIn(segment) < 2) return false;
  return /[A-Za-z]/.test(segment) && !/[A-Za-z]{3}/.test(segment);
}

/** Are the letters of `short` in `word` in this order, the first one first: `cus`, `customers`? */
function isShortFor(short: string, word: string): boolean {
  const letters = word.toLowerCase();
  if (letters[0] !== short[0]) return false;
  let at = 0;
  for (const letter of short) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function prefixedLook(segment: string, parent: string | undefined): Look | null {
  const [, prefix = '', joint, value = ''] = SHORT_PREFIXED.exec(segment) ?? [];
  if (prefix === '') return null;
  if (parent !== undefined && isShortFor(prefix, parent)) return 'id';
  if (isNameWithDigits(segment)) return 'word';
  return joint === '_' || digitsIn(value) >= 3 ? 'id' : 'maybe';
}

/** Does a version of the API stand here: `v2.1`, or `2010-04-01`, `3`, `1.1` where versions stand? */
function isVersion(segment: string, parent: string | undefined): boolean {
  if (VERSION.test(segment)) return !/^(?:tags|versions|releases)$/i.test(parent ?? '');
  const first = parent === undefined || BEFORE_VERSION.test(parent);
  if (NUMBER_VERSION.test(segment)) return first || /^\d\.\d$/.test(segment);
  return first && (DATE.test(segment) || /^20\d{6}$/.test(segment) || segment === 'api');
}

/**
 * The look of a segment.
 *
 * @param segment - Decoded.
 * @param parent - The segment before it; undefined for the first one.
 */
export function lookOf(segment: string, parent: string | undefined): Look {
  if (segment === '' || isVersion(segment, parent) || isPlace(segment)) return 'word';
  if (IDS.some((id) => id.test(segment))) return 'id';
  return /^[A-Za-z]{1,15}$/.test(segment) ? wordLook(segment) : mixedLook(segment, parent);
}

/** Short codes of countries, currencies and the like are told by siblings. */
function wordLook(segment: string): Look {
  return /^[A-Z]{2,}$/.test(segment) ? 'maybe' : 'word';
}

function mixedLook(segment: string, parent: string | undefined): Look {
  const prefixed = prefixedLook(segment, parent);
  if (prefixed !== null) return prefixed;
  if (isNameWithDigits(segment)) return 'word';
  if (isToken(segment) || isWordless(segment) || hasIdPart(segment)) return 'id';
  return /\d/.test(segment) ? 'maybe' : 'word';
}

/** Does a name have digits or dashes in it, as names that people give have? */
export function isTextured(segment: string): boolean {
  return /\d|[a-z]-[a-z]/.test(segment);
}
