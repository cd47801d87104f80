/** A number with more to its spelling than its value: digits beyond 2^53, or `1.0`. */
export class SpelledNumber {
  readonly value: number;
  readonly source: string;

  constructor(value: number, source: string) {
    this.value = value;
    this.source = source;
  }
}

/** Why nothing was learned from a body. */
export type Unlearned = 'not JSON' | 'too large' | 'incomplete' | 'left out';

/** A body as values: one, or one a line. */
export type ParsedBody = { readonly value: unknown } | { readonly unlearned: Unlearned };

/** Characters or bytes of a body; beyond this it costs more than it tells. */
const MOST_SIZE = 16 * 1024 * 1024;
const RECORD_SEPARATOR = String.fromCharCode(0x1e);
const JSON_TYPE = /[/+](?:json|javascript)$/;
const LINES_TYPE = /[/+-](?:ndjson|jsonl|json-seq|jsonlines)$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** What is quick to look for, and there wherever the next is. */
const MANY_DIGITS = /\d{16}/;
/** Numbers outside of strings whose value does not tell how they were written; some false ones. */
const SPELLED = /[[:,\s]-?\d+(?:\d{15}|\.0+(?![\d]))/;

/** What can be learned from a body; undefined for content that is no data by its type. */
export function parseBody(body: Uint8Array | string, type: string): ParsedBody | undefined {
  const isData = JSON_TYPE.test(type) || LINES_TYPE.test(type) || type === FORM_TYPE;
  if (!isData && !looksLikeJson(body)) return undefined;
  if (body.length > MOST_SIZE) return { unlearned: 'too large' };
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (type === FORM_TYPE) return { value: formOf(text) };
  const value = jsonOf(text);
  if (value !== undefined) return { value };
  const lines = linesOf(text);
  if (lines !== undefined) return { value: lines };
  return isData ? { unlearned: 'not JSON' } : undefined;
}

function looksLikeJson(body: Uint8Array | string): boolean {
  const first = typeof body === 'string' ? body.charCodeAt(0) : body[0];
  return first === 0x7b || first === 0x5b;
}

function jsonOf(text: string): unknown {
  try {
    return mayBeSpelled(text) ? spelledJson(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mayBeSpelled(text: string): boolean {
  return (text.includes('.0') || MANY_DIGITS.test(text)) && SPELLED.test(text);
}

/** With numbers as they are written where that says more; without where it is nested too deep. */
function spelledJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key: string, value: unknown, ...context: unknown[]): unknown =>
      typeof value === 'number' ? spelled(value, sourceOf(context)) : value,
    );
  } catch (error) {
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

/** The text of a number, from the third argument of a reviver. */
function sourceOf([context]: readonly unknown[]): string {
  if (typeof context !== 'object' || context === null || !('source' in context)) return '';
  return typeof context.source === 'string' ? context.source : '';
}

function spelled(value: number, source: string): unknown {
  const isWhole = Number.isInteger(value) && source.includes('.');
  return isWhole || Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? new SpelledNumber(value, source)
    : value;
}

/** A value a line (NDJSON), or after a record separator (RFC 7464). */
function linesOf(text: string): unknown[] | undefined {
  const lines = text
    .replaceAll(RECORD_SEPARATOR, '\n')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  const values = lines.map(jsonOf);
  return values.includes(undefined) ? undefined : values;
}

function formOf(text: string): unknown {
  const form: Record<string, string | string[]> = Object.create(null);
  for (const [key, value] of new URLSearchParams(text)) {
    const known = form[key];
    if (known === undefined) form[key] = value;
    else if (typeof known === 'string') form[key] = [known, value];
    else known.push(value);
  }
  return form;
}
