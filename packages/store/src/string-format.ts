/** Formats of JSON Schema that text is recognised as; narrower than what validators accept. */
export type StringFormat = 'date-time' | 'date' | 'uuid' | 'email';

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const EMAIL =
  /^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}$/i;
/** RFC 5321 section 4.5.3.1.3 allows an address 254 characters; the other formats are shorter. */
const MOST_LENGTH = 254;

/** The format of a text by its look; null for plain text. */
export function stringFormat(text: string): StringFormat | null {
  if (text.length > MOST_LENGTH) return null;
  if (UUID.test(text)) return 'uuid';
  if (isDate(text)) return 'date';
  const [date = '', time, ...more] = text.split('T');
  if (time !== undefined && more.length === 0 && isDate(date) && TIME.test(time)) {
    return 'date-time';
  }
  return EMAIL.test(text) ? 'email' : null;
}

/** A day that there is: no 30 February. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
