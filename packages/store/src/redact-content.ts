import { credentialsRule } from './redact-headers.ts';
import { isCard } from './redact-cards.ts';
import { redactForm } from './redact-form.ts';
import { isSecretField } from './redact-names.ts';
import { boundaryOf, redactMultipart } from './redact-multipart.ts';
import { redactProse } from './redact-prose.ts';
import { BoundedCache } from './redact-cache.ts';
import { isSuspect } from './redact-hint.ts';
import type { RedactRules } from './redact-rules.ts';
import type { Replace } from './redact-text.ts';
import { redactXml } from './redact-xml.ts';
import { jsonString, rewriteJson } from './json-text.ts';
import type { JsonPlace } from './json-text.ts';
import { restyledNumber } from './placeholder-jwt.ts';
import { JSON_SPELLING, respell } from './respell.ts';

const MOST_DEPTH = 6;
const CACHED_NAMES = 2000;
const JSON_PREFIX =
  /^(?:\uFEFF|\xef\xbb\xbf)?\s*(?:\)\]\}',?\s*|while\s?\(1\);\s*|for\s?\(;;\);\s*|(?:\/\*\*\/\s*)?[\w$.]{1,100}\(\s*(?=[[{]))?(?=["[{])/;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const CODE_TYPE = /javascript|ecmascript|\bcss\b/;
const FORM_LOOK = /^[\w.%[\]~+-]{1,200}=[^\s<>"{}]*$/;
const OPAQUE = /^(?=[^]*\d)[\w+/=~.-]{16,}$/;
const ID_NAME = /(?:id|ids|time|timestamp|_at|At)$/;
/** What clients write where a secret would be: https://docs.stripe.com/api/tokens, Fetch, templates. */
const NO_SECRET =
  /^(?:b?tok_\w+|true|false|null|none|undefined|include|omit|same-origin|required|optional|\{\{[^}]*\}\}|\$\{[^}]*\})$/i;
const INNER_NAME = /^(?:value|data|plain|plaintext|raw|hash)$/i;
const LABEL_NAME = /^(?:name|key|field|property)$/i;

/**
 * Replaces the secrets in the text of a body; all else stays byte for byte. A text holds one
 * character for each byte (latin1), so that what keeps its length here keeps it there.
 */
export class ContentRedactor {
  readonly #replace: Replace;
  readonly #rules: RedactRules;
  readonly #secretNames = new BoundedCache(CACHED_NAMES, isSecretField);

  constructor(replace: Replace, rules: RedactRules) {
    this.#replace = replace;
    this.#rules = rules;
  }

  /** @param contentType - The whole value of the field; empty when there is none. */
  redact(text: string, contentType: string): string {
    const hasRules = this.#rules.texts.length > 0;
    const isForm = /^\s*application\/x-www-form-urlencoded/i.test(contentType);
    if (!hasRules && !isForm && !isSuspect(text)) return text;
    return this.#withPattern(this.#whole(text, contentType));
  }

  #whole(text: string, contentType: string): string {
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (type === 'application/x-www-form-urlencoded') return this.#form(text, 0);
    if (type === 'text/event-stream') return this.#events(text);
    const boundary = type.startsWith('multipart/') ? boundaryOf(contentType) : null;
    if (boundary !== null) {
      return redactMultipart(text, boundary, (name, partType, content) =>
        this.#secretNames.get(name) || this.#rules.form(name)
          ? this.#named(name, content)
          : this.#any(content, 1, CODE_TYPE.test(partType)),
      );
    }
    return this.#any(text, 0, CODE_TYPE.test(type));
  }

  /** A text of which nothing is known but itself. */
  #any(text: string, depth: number, isCode: boolean): string {
    if (depth > 0 && !this.#rules.hasJson && !isSuspect(text)) return text;
    if (depth > MOST_DEPTH || isCode) return this.#prose(text, isCode);
    const start = JSON_PREFIX.exec(text)?.[0].length;
    if (start !== undefined) return this.#json(text, start, depth);
    if (/^\s*</.test(text)) return this.#xml(text, depth);
    if (/^(?:data|event|id|retry)?:/.test(text)) return this.#events(text);
    if (FORM_LOOK.test(text.slice(0, 1000))) return this.#form(text, depth);
    return this.#prose(text, false);
  }

  #json(text: string, start: number, depth: number): string {
    const json = text.slice(start);
    const change = this.#jsonChange(json, depth);
    const { text: changed, end, length } = rewriteJson(json, change);
    const rest = json.slice(end);
    const after = rest === '' || rest === ')' ? rest : this.#prose(rest, false);
    return text.slice(0, start) + changed.slice(0, length) + after;
  }

  #jsonChange(
    json: string,
    depth: number,
  ): (raw: string, isString: boolean, place: JsonPlace) => string {
    const isOAuth = /"(?:grant_?type|client_?secret|code_?verifier)"\s*:/i.test(json);
    // The pieces of text that language models speak in.
    const hasWords = json.includes('"logprob"');
    let label = '';
    let labelDepth = 0;
    const isSecret = (raw: string, { name, owner, path }: JsonPlace): boolean => {
      if (hasWords && name === 'token') return false;
      if (this.#secretNames.get(name)) return true;
      if (isOAuth && name === 'code') return true;
      if (name === 'session') return OPAQUE.test(raw);
      if (!INNER_NAME.test(name)) return false;
      if (this.#secretNames.get(owner)) return true;
      return labelDepth === path.length && this.#secretNames.get(label);
    };
    return (raw, isString, place) => {
      if (this.#rules.hasJson && this.#rules.json(place.path)) return this.#scalar(raw, isString);
      if (!isString) return this.#jsonNumber(raw, place, isSecret(raw, place));
      if (isSecret(raw, place)) {
        const name =
          INNER_NAME.test(place.name) && labelDepth === place.path.length ? label : place.name;
        return respell(raw, JSON_SPELLING, (plain) => this.#named(name, plain));
      }
      if (LABEL_NAME.test(place.name)) {
        label = jsonString(raw);
        labelDepth = place.path.length;
      }
      if (!this.#rules.hasJson && !isSuspect(raw)) return raw;
      if (ID_NAME.test(place.name) && /^[\d -]+$/.test(raw)) return raw;
      return respell(raw, JSON_SPELLING, (plain) => this.#any(plain, depth + 1, false));
    };
  }

  #scalar(raw: string, isString: boolean): string {
    if (isString)
      return respell(raw, JSON_SPELLING, (plain) => (plain === '' ? '' : this.#replace(plain)));
    return /^-?\d/.test(raw) ? restyledNumber(raw, this.#replace) : raw;
  }

  #jsonNumber(raw: string, { name }: JsonPlace, isSecret: boolean): string {
    if (isSecret) return /^\d{3,}$/.test(raw) ? restyledNumber(raw, this.#replace) : raw;
    if (raw.length < 13 || !/^\d+$/.test(raw) || ID_NAME.test(name) || !isCard(raw)) return raw;
    const card = this.#replace(raw);
    return /^\d+$/.test(card) ? card : '0';
  }

  /** Server-sent events, a line at a time: the pieces of a value that is cut are still looked at. */
  #events(text: string): string {
    return text
      .split('\n')
      .map((line) => {
        const field = /^(?:data|event|id|retry)?:\s?/.exec(line)?.[0] ?? '';
        return field + this.#any(line.slice(field.length), 1, false);
      })
      .join('\n');
  }

  #form(text: string, depth: number): string {
    return redactForm(text, {
      replaceNamed: (name, value) => this.#named(name, value),
      isSecret: this.#rules.form,
      redactValue: (name, plain) =>
        ID_NAME.test(name) && /^\d+$/.test(plain) ? plain : this.#any(plain, depth + 1, false),
    });
  }

  #xml(text: string, depth: number): string {
    return redactXml(text, {
      replaceNamed: (name, value) => this.#named(name, value),
      redactText: (plain, isCode) =>
        isSuspect(plain) ? this.#any(plain, depth + 1, isCode) : plain,
    });
  }

  #prose(text: string, isCode: boolean): string {
    return redactProse(text, {
      replace: this.#replace,
      replaceNamed: (name, value) => this.#named(name, value),
      isCode,
    });
  }

  /** The value of a field whose name says that it is secret. */
  #named(name: string, value: string): string {
    if (value === '' || NO_SECRET.test(value)) return value;
    const rule = credentialsRule(name);
    if (rule !== undefined) return rule(value, this.#replace);
    if (PRIVATE_KEY.test(value)) return this.#prose(value, false);
    return this.#replace(value);
  }

  #withPattern(text: string): string {
    const pattern = this.#rules.text;
    return pattern === null ? text : text.replace(pattern, (match) => this.#replace(match));
  }
}
