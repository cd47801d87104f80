import { isSecretField, NAME_HINT } from './redact-names.ts';
import { redactMatch, SECRET_LOOKS } from './redact-text.ts';
import type { Replace } from './redact-text.ts';

/**
 * A name and what it is set to, as programs and people write it: `password: x`, `"token" = "x"`.
 * Whether the name is a secret's is asked afterwards.
 */
const SETTING = String.raw`(?<![\w.-])(?<label>[\w.-]{0,40}(?i:${NAME_HINT})[\w-]{0,12})\]?(?:\\{0,3}["'])?(?<set>[ \t]{0,4}(?:=>|[:=])\s{0,4})(?<quote>\\{0,3}["'])?`;

const PATTERN = new RegExp([...SECRET_LOOKS, SETTING].join('|'), 'g');

/** Changes the value of a secret field; it knows more about names than a replacement does. */
export type ReplaceNamed = (name: string, value: string) => string;

export interface ProseOptions {
  readonly replace: Replace;
  readonly replaceNamed: ReplaceNamed;
  /** Program text: a name that is set to another name says nothing of any secret. */
  readonly isCode: boolean;
}

/**
 * Replaces secrets anywhere in a text that has no structure to go by: what is secret by its looks or
 * its place in a URL, private keys, card numbers, and the values of settings such as `password: x`.
 */
export function redactProse(text: string, options: ProseOptions): string {
  let out = '';
  let copied = 0;
  const put = (from: number, was: string, is: string): void => {
    if (was === is) return;
    out += text.slice(copied, from) + is;
    copied = from + was.length;
  };
  // A replacement may come here again, so the place to go on from is kept apart from the pattern.
  let next = 0;
  for (let found = execFrom(0, text); found !== null; found = execFrom(next, text)) {
    const { groups = {}, index } = found;
    next = index + found[0].length;
    const label = groups['label'];
    if (label === undefined) {
      put(index, found[0], redactMatch(found[0], groups, options.replace));
    } else if (isSecretField(label)) {
      const value = settingValue(text, next, label, groups['quote']);
      const setting = { value, from: next, start: index, set: groups['set'] ?? '' };
      if (isMeant(text, setting, groups['quote'], options.isCode)) {
        put(next, value, options.replaceNamed(label, value));
        next += value.length;
      }
    }
  }
  return copied === 0 ? text : out + text.slice(copied);
}

function execFrom(from: number, text: string): RegExpExecArray | null {
  PATTERN.lastIndex = from;
  return PATTERN.exec(text);
}

const UNQUOTED = /[^\s"'&,;<>\\(){}[\]]*/y;
const CREDENTIALS = /[^\r\n"'<>\\]*/y;

function settingValue(text: string, from: number, label: string, quote?: string): string {
  if (quote !== undefined) return text.slice(from, quotedEnd(text, from, quote));
  const pattern = /authori[sz]ation|cookie/i.test(label) ? CREDENTIALS : UNQUOTED;
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0] ?? '';
}

/** Where a quoted text ends: at the same quote, or with the line. */
function quotedEnd(text: string, from: number, quote: string): number {
  const isEscaped = quote.length > 1;
  const mark = quote.at(-1);
  let at = from;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n' || character === '\r' || character === mark) break;
    if (character !== '\\') continue;
    // Within an escaped quotation the next backslash belongs to its end.
    if (isEscaped) break;
    at += 1;
  }
  return Math.min(at, text.length);
}

interface Setting {
  readonly value: string;
  readonly from: number;
  readonly start: number;
  readonly set: string;
}

/** Whether a value is set here, and not just spoken of: "invalid token: please log in". */
function isMeant(
  text: string,
  { value, from, start, set }: Setting,
  quote: string | undefined,
  isCode: boolean,
): boolean {
  if (value === '') return false;
  const isOpaque = /\d/.test(value) && value.length >= 4;
  if (isCode) return quote !== undefined && /^(?=.*\d)\S{8,}$/.test(value);
  if (quote !== undefined || isOpaque) return true;
  if (set === '=' || set === '=>') return value.length >= 3;
  return isWholeLine(text, start, from + value.length);
}

const LINE_START = /[\r\n][ \t]{0,40}(?:- )?$/;

function isWholeLine(text: string, start: number, end: number): boolean {
  const before = `\n${text.slice(Math.max(0, start - 44), start)}`;
  return LINE_START.test(before) && /^[ \t]{0,40}(?:[\r\n#]|$)/.test(text.slice(end, end + 44));
}
