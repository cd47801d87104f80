import { FilterError } from './filter-error.ts';

export type Operator = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=' | '~';

export type Token =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end'; readonly at: number }
  /** A word that stands alone, or text in quotes. */
  | { readonly kind: 'text'; readonly at: number; readonly text: string; readonly quoted: boolean }
  /** `~d`, as in mitmproxy; its argument is the text behind it. */
  | { readonly kind: 'alias'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'field';
      readonly at: number;
      readonly name: string;
      readonly operator: Operator;
      readonly value: string;
      readonly valueAt: number;
    };

const SPACE = /\s+/y;
const KEYWORD = /(?:and|or|not)(?=[\s()]|$)/iy;
const SIGN = /&&?(?=[\s()]|$)|\|\|?(?=[\s()]|$)|!|-(?=\S)|[()]/y;
const ALIAS = /~([a-z]+)/y;
const FIELD = /([A-Za-z][\w.-]*)(:(?:>=|<=|>|<)|!=|>=|<=|[:=><~])/y;
const URL_START = /https?:\/\//iy;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;
const WORD = /[^\s()]+/y;

const SIGNS: Readonly<Record<string, 'open' | 'close' | 'and' | 'or' | 'not'>> = {
  '(': 'open',
  ')': 'close',
  '&': 'and',
  '&&': 'and',
  '|': 'or',
  '||': 'or',
  '!': 'not',
  '-': 'not',
};

const KEYWORDS: Readonly<Record<string, 'and' | 'or' | 'not'>> = {
  and: 'and',
  or: 'or',
  not: 'not',
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  ':': ':',
  '=': '=',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
  ':>': '>',
  ':>=': '>=',
  ':<': '<',
  ':<=': '<=',
  '~': '~',
};

/** @throws FilterError when a quote is not closed. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(filter);
    if (found !== null) at += found[0].length;
    return found;
  };
  for (;;) {
    take(SPACE);
    if (at >= filter.length) return [...tokens, { kind: 'end', at }];
    tokens.push(nextToken(filter, at, take));
  }
}

type Take = (pattern: RegExp) => RegExpExecArray | null;

function nextToken(filter: string, at: number, take: Take): Token {
  const keyword = KEYWORDS[take(KEYWORD)?.[0].toLowerCase() ?? ''];
  if (keyword !== undefined) return { kind: keyword, at };
  const sign = SIGNS[take(SIGN)?.[0] ?? ''];
  if (sign !== undefined) return { kind: sign, at };
  const alias = take(ALIAS)?.[1];
  if (alias !== undefined) return { kind: 'alias', at, name: alias };
  return takeField(filter, at, take) ?? { kind: 'text', at, ...takeText(filter, at, take) };
}

function takeField(filter: string, at: number, take: Take): Token | null {
  URL_START.lastIndex = at;
  if (URL_START.test(filter)) return null;
  const [whole = '', name = '', sign = ''] = take(FIELD) ?? [];
  const operator = OPERATORS[sign];
  if (operator === undefined) return null;
  const valueAt = at + whole.length;
  const { text } = takeText(filter, valueAt, take);
  return { kind: 'field', at, name, operator, value: text, valueAt };
}

function takeText(filter: string, at: number, take: Take): { text: string; quoted: boolean } {
  const quoted = take(QUOTED);
  if (quoted !== null) {
    const inner = quoted[1] ?? quoted[2] ?? '';
    return { text: inner.replace(/\\(.)/gs, '$1'), quoted: true };
  }
  const text = take(WORD)?.[0] ?? '';
  if (/^["']/.test(text)) throw new FilterError(filter, at, 'this quote is never closed');
  return { text, quoted: false };
}
