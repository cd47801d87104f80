import { stringFormat } from '@calltape/store';

/**
 * What a text looks like. The first eight are formats of JSON Schema; `digits` is a number as text,
 * `id` a token with letters and digits, `empty` no text at all, `plain` all else.
 */
export type TextFormat =
  | 'date-time'
  | 'date'
  | 'time'
  | 'uuid'
  | 'email'
  | 'uri'
  | 'ipv4'
  | 'ipv6'
  | 'local-date-time'
  | 'http-date'
  | 'digits'
  | 'decimal'
  | 'id'
  | 'empty'
  | 'plain';

const MOST_LENGTH = 2000;
const DASH = 45;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/i;
const LOCAL_DATE_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ][0-2]\d:[0-5]\d/;
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} /;
const URI =
  /^[a-z][a-z0-9+.-]{1,20}:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#](?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9a-f]{2})*)?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 =
  /^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$|^(?=[0-9a-f:]{2,39}$)(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}$/i;
const DIGIT = /\d/;
const DIGITS = /^-?\d+$/;
const DECIMAL = /^-?\d+\.\d+(?:e[+-]?\d+)?$/i;
const PREFIXED = /^[A-Za-z]{1,12}(?:_[a-z]{1,8})?[_-](?=[A-Za-z]*\d)[A-Za-z0-9]{6,}$/;
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,}$/i;
const TOKEN = /^[A-Za-z0-9_-]{10,}$/;
const DIGITS_APART = /\d[A-Za-z_-]+\d/;

/** The format of a text by its look. */
export function textFormat(text: string): TextFormat {
  if (text === '') return 'empty';
  if (text.length > MOST_LENGTH) return 'plain';
  const first = text.charCodeAt(0);
  const isNumeric = (first >= 48 && first <= 57) || first === DASH;
  const isDated = text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH;
  return (
    (isNumeric && !isDated ? numericFormat(text) : undefined) ??
    (text.includes(' ') ? spacedFormat(text) : wordFormat(text))
  );
}

function numericFormat(text: string): TextFormat | undefined {
  if (DIGITS.test(text)) return 'digits';
  if (DECIMAL.test(text)) return 'decimal';
  if (IPV4.test(text)) return 'ipv4';
  if (TIME.test(text)) return 'time';
  return undefined;
}

function spacedFormat(text: string): TextFormat {
  if (!text.includes(':')) return 'plain';
  if (LOCAL_DATE_TIME.test(text)) return 'local-date-time';
  return HTTP_DATE.test(text) ? 'http-date' : 'plain';
}

function wordFormat(text: string): TextFormat {
  const known = stringFormat(text);
  if (known !== null) return known;
  const colon = text.indexOf(':');
  if (colon === -1) return isToken(text) ? 'id' : 'plain';
  if (text.startsWith('//', colon + 1)) return URI.test(text) ? 'uri' : 'plain';
  if (LOCAL_DATE_TIME.test(text)) return 'local-date-time';
  return IPV6.test(text) ? 'ipv6' : 'plain';
}

function isToken(text: string): boolean {
  if (!DIGIT.test(text)) return false;
  if (PREFIXED.test(text) || HEX.test(text)) return true;
  return TOKEN.test(text) && DIGITS_APART.test(text);
}

const SCHEMA_FORMATS: ReadonlySet<TextFormat> = new Set([
  'date-time',
  'date',
  'time',
  'uuid',
  'email',
  'uri',
  'ipv4',
  'ipv6',
]);

/** Does JSON Schema 2020-12 know this format by this name? */
export function isSchemaFormat(format: TextFormat): boolean {
  return SCHEMA_FORMATS.has(format);
}

/** Formats that tell one thing from another and say nothing else: their look is the provider's own. */
export function isIdFormat(format: TextFormat): boolean {
  return format === 'uuid' || format === 'id' || format === 'digits';
}

/** Formats of moments: these values change by themselves. */
export function isTimeFormat(format: TextFormat): boolean {
  return format.endsWith('time') || format === 'date' || format === 'http-date';
}
