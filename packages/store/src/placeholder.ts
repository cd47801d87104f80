import { createHash, createHmac } from 'node:crypto';
import { isJwt, restyledJwt } from './placeholder-jwt.ts';
import { isCard, restyledCard } from './redact-cards.ts';
import { KEPT_PREFIX } from './redact-keys.ts';

/** What is longer is no token or number, and too long for such expressions. */
const MOST_SHAPED = 65_536;

/** Mailchimp's clients take the host to call from the end of the key. */
const SUFFIX = /(?<=^[0-9a-f]{32})-us\d{1,3}$/;

const HEX = /^(?:[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|[0-9A-F]{8,}(?:-[0-9A-F]{4,})*)$/;

/**
 * What is stored in place of a secret: as long, with the same kinds of characters in the same
 * places (digit for digit, lower for lower, upper for upper, hex for hex, punctuation and known
 * prefixes kept), and a JSON Web Token still reads as one. Equal secrets get equal placeholders,
 * different ones nearly always different ones; without the key nothing leads back.
 *
 * Nothing in a placeholder tells that it is one, as any mark would change its shape. So redacting a
 * placeholder gives another placeholder, the same each time.
 */
export function placeholder(secret: string, key: Buffer): string {
  if (secret.length <= MOST_SHAPED && isJwt(secret)) {
    const token = restyledJwt(secret, (text) => placeholder(text, key));
    if (token !== null) return token;
  }
  if (isCard(secret)) return restyledCard(secret, (digits) => restyled(digits, digits, key));
  const prefix = KEPT_PREFIX.exec(secret)?.[0] ?? '';
  const suffix = SUFFIX.exec(secret)?.[0] ?? '';
  const middle = secret.slice(prefix.length, secret.length - suffix.length);
  return prefix + restyled(middle, secret, key) + suffix;
}

function restyled(middle: string, secret: string, key: Buffer): string {
  if (!/[^\0-/:-@[-`{-\x7f]/.test(middle)) return middle;
  const units = unitsOf(middle);
  const letters = middle.length <= MOST_SHAPED && HEX.test(middle) ? 6 : 26;
  const meaning = meaningOf(secret);
  // A short secret may by chance be its own placeholder.
  for (let round = 0; round < 16; round += 1) {
    const stream = keyStream(key, `${round}:${meaning}`, (units ?? middle).length);
    const text =
      units === null
        ? substituted(middle, stream, letters)
        : units.map((unit, at) => substitute(unit, stream[at] ?? 0, letters)).join('');
    // A number that begins with a zero is none in JSON.
    const shaped = /^[1-9]/.test(middle) ? text.replace(/^0/, '1') : text;
    if (shaped !== middle) return shaped;
  }
  return middle;
}

const ESCAPE = /%[0-9A-Fa-f]{2}/g;

/** The characters, an escape such as `%41` being one; null when there are no escapes. */
function unitsOf(text: string): string[] | null {
  return text.includes('%') ? text.match(/%[0-9A-Fa-f]{2}|[^]/g) : null;
}

function substituted(text: string, stream: Buffer, letters: number): string {
  const codes = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at += 1) {
    codes[at] = substituteCode(text.charCodeAt(at), stream[at] ?? 0, letters);
  }
  return codes.toString('latin1');
}

function codeOf(unit: string): number {
  return unit.length === 3 ? parseInt(unit.slice(1), 16) : unit.charCodeAt(0);
}

/** The same for both spellings of a secret, plain and escaped, so that their placeholders agree. */
function meaningOf(secret: string): string {
  return secret.replace(ESCAPE, (escape) => String.fromCharCode(codeOf(escape)));
}

function keyStream(key: Buffer, message: string, length: number): Buffer {
  const mac = createHmac('sha256', key).update(message, 'utf16le').digest();
  if (length <= mac.length) return mac;
  return createHash('shake256', { outputLength: length }).update(mac).digest();
}

const DIGIT = 0x30;
const UPPER = 0x41;
const LOWER = 0x61;

function substitute(unit: string, random: number, letters: number): string {
  const code = codeOf(unit);
  const other = substituteCode(code, random, letters);
  if (other === code) return unit;
  return unit.length === 3 ? `%${other.toString(16)}` : String.fromCharCode(other);
}

function substituteCode(code: number, random: number, letters: number): number {
  if (code >= DIGIT && code < DIGIT + 10) return DIGIT + (random % 10);
  if (code >= UPPER && code < UPPER + 26) return UPPER + (random % letters);
  if (code >= LOWER && code < LOWER + 26) return LOWER + (random % letters);
  return code < 0x80 ? code : LOWER + (random % 26);
}
