interface Issuer {
  /** The digits that tell the issuer, and nothing of the account. */
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
}

/** Issuers by the beginnings and lengths of their numbers (ISO/IEC 7812). To add one, add it here. */
const ISSUERS: readonly Issuer[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:30[0-5]|36|3[89])/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
  { prefix: /^(?:60|81|82|508)/, lengths: [16] },
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] },
];

/** Digits in a row, or in groups as they are printed on cards, and no part of anything longer. */
export const CARD: string = String.raw`(?<![\w.+/-])(?:\d{13,19}|\d{4}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{1,7}|\d{4}(?<gap2>[ -])\d{6}\k<gap2>\d{4,5})(?![\w]|[.+-]\w)`;

/** In every text that {@link CARD} matches. */
export const CARD_HINT: string = String.raw`(?<![\w.])[2-68]\d{3}[ -]?\d{4}[ -]?\d{2}`;

/** Nineteen digits in groups of four. */
const MOST_LENGTH = 24;

/** The sum of a number's digits after Luhn (ISO/IEC 7812-1 annex B), modulo 10. */
function luhn(digits: string): number {
  let sum = 0;
  for (let at = digits.length - 1, isDouble = false; at >= 0; at -= 1, isDouble = !isDouble) {
    const digit = digits.charCodeAt(at) - 0x30;
    if (!isDouble) sum += digit;
    else sum += digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10;
}

function issuerPrefix(digits: string): string | null {
  if (/^(\d)\1+$/.test(digits)) return null;
  for (const { prefix, lengths } of ISSUERS) {
    const [found] = prefix.exec(digits) ?? [];
    if (found !== undefined && lengths.includes(digits.length)) return found;
  }
  return null;
}

/** Is it a card's number, in a row or in groups? */
export function isCard(text: string): boolean {
  if (text.length > MOST_LENGTH || !/^\d[\d -]{11,}\d$/.test(text)) return false;
  const digits = text.replace(/\D/g, '');
  return issuerPrefix(digits) !== null && luhn(digits) === 0;
}

/**
 * Another number of the same issuer and length, in the same groups, whose check digit is right.
 *
 * @param restyle - Gives other digits for the digits.
 */
export function restyledCard(text: string, restyle: (digits: string) => string): string {
  const digits = text.replace(/\D/g, '');
  const prefix = issuerPrefix(digits) ?? '';
  const unchecked = prefix + restyle(digits).slice(prefix.length, -1);
  let card = withCheckDigit(unchecked);
  // One in ten million times the outcome differs from the card in nothing.
  if (card === digits) card = withCheckDigit(prefix + plusOne(unchecked.slice(prefix.length)));
  let at = -1;
  return text.replace(/\d/g, () => {
    at += 1;
    return card.charAt(at);
  });
}

function plusOne(digits: string): string {
  return digits.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));
}

function withCheckDigit(unchecked: string): string {
  return unchecked + String((10 - luhn(`${unchecked}0`)) % 10);
}
