/** Formats of JSON Schema that text is recognised as; narrower than what validators accept. */
export type StringFormat = 'date-time' | 'date' | 'uuid' | 'email';

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const EMAIL =
  /^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}$/i;
/** RFC 5321 section 4.5.3.1.3 allows an address 254 characters; the other formats are shorter. */
const MOST_LENGTH = 254;

const DASH = 45;
const DATE_LENGTH = 10;
const UUID_LENGTH = 36;

/** The format of a text by its look; null for plain text. */
export function stringFormat(text: string): StringFormat | null {
  if (text.length > MOST_LENGTH) return null;
  if (text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH) {
    if (isDate(text)) return 'date';
    if (text.charAt(DATE_LENGTH) === 'T' && isDateTime(text)) return 'date-time';
  }
  if (text.length === UUID_LENGTH && UUID.test(text)) return 'uuid';
  return text.includes('@') && EMAIL.test(text) ? 'email' : null;
}

function isDateTime(text: string): boolean {
  return isDate(text.slice(0, DATE_LENGTH)) && TIME.test(text.slice(DATE_LENGTH + 1));
}

/** A day that there is: no 30 February. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = Number(text.slice(8));
  return day <= 28 || day <= daysOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
