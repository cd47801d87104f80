import type { FlatHeaders } from './draft.ts';
import { BoundedCache } from './redact-cache.ts';
import { isSecretHeader } from './redact-names.ts';
import type { RedactRules } from './redact-rules.ts';
import { redactText, redactUserinfo } from './redact-text.ts';
import type { Replace } from './redact-text.ts';

/** How the value of a header is redacted. */
type HeaderRule = (value: string, replace: Replace) => string;

const RULES: ReadonlyMap<string, HeaderRule> = new Map<string, HeaderRule>([
  ['authorization', credentials],
  ['proxy-authorization', credentials],
  ['x-authorization', credentials],
  ['x-forwarded-authorization', credentials],
  ['x-original-authorization', credentials],
  ['x-relay-authorization', credentials],
  ['www-authenticate', challenge],
  ['proxy-authenticate', challenge],
  ['authentication-info', challenge],
  ['proxy-authentication-info', challenge],
  ['cookie', cookies],
  ['set-cookie', setCookie],
  ['set-cookie2', setCookie],
]);

/** The rule of a header whose value is more than a secret; undefined for others. */
export function credentialsRule(name: string): HeaderRule | undefined {
  return RULES.get(name.toLowerCase());
}

/** @param name - The header's name in any letter case. */
function ruleFor(name: string): HeaderRule {
  const lower = name.toLowerCase();
  const rule = RULES.get(lower);
  if (rule !== undefined) return rule;
  return isSecretHeader(lower) ? (value, replace) => replace(value) : redactText;
}

/** Schemes with digits in their names; others are letters and hyphens only. */
const SCHEME = /^(?:AWS4-[A-Z0-9-]+|GOOG4-[A-Z0-9-]+|SCRAM-SHA-\d+|[A-Za-z][A-Za-z-]{1,30})$/;

/** A list of `name=value`; a value never begins with `=`, unlike base64 padding. */
const PARAMETERS = /^(?:[\w-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"=][^\s,"]*)(?:[\s,]+|$))+$/;

/** Parameters that say how to read the others (RFC 7616, RFC 5849, AWS Signature 4). */
const PLAIN_PARAMETERS: ReadonlySet<string> = new Set([
  'algorithm',
  'headers',
  'nc',
  'oauth_signature_method',
  'oauth_timestamp',
  'oauth_version',
  'qop',
  'realm',
  'signedheaders',
  'uri',
]);

/** `Scheme credentials` (RFC 9110 section 11.4); the scheme stays. */
function credentials(value: string, replace: Replace): string {
  const [, scheme = '', space = '', rest = ''] = /^(\S+)(\s+)(.*)$/s.exec(value) ?? [];
  if (rest === '' || !SCHEME.test(scheme)) return replace(value);
  return scheme + space + credentialsOf(scheme.toLowerCase(), rest, replace);
}

function credentialsOf(scheme: string, rest: string, replace: Replace): string {
  if (scheme === 'basic') return basic(rest, replace);
  if (scheme === 'bearer' || !PARAMETERS.test(rest)) return replace(rest);
  return parameters(rest, (name, text) =>
    PLAIN_PARAMETERS.has(name.toLowerCase())
      ? redactText(text, replace)
      : replaceValue(text, replace),
  );
}

/** The user-id and the password inside the base64 (RFC 7617), so that it still decodes. */
function basic(rest: string, replace: Replace): string {
  const decoded = Buffer.from(rest, 'base64').toString();
  if (Buffer.from(decoded).toString('base64') !== rest.trim()) return replace(rest);
  return Buffer.from(redactUserinfo(decoded, replace)).toString('base64');
}

/** AWS names the day, region and service behind the key's id; those stay. */
function replaceValue(text: string, replace: Replace): string {
  const scope = /^([^/]+)(\/\d{8}\/[\w-]+\/[\w-]+\/(?:aws4|goog4)_request)$/.exec(text);
  return scope === null ? replace(text) : replace(scope[1] ?? '') + (scope[2] ?? '');
}

/** A challenge says how to authenticate and must stay readable; only its nonces are replaced. */
function challenge(value: string, replace: Replace): string {
  return parameters(value, (name, text) =>
    /^(?:nonce|nextnonce|cnonce|opaque|rspauth)$/i.test(name)
      ? replace(text)
      : redactText(text, replace),
  );
}

/** Applies `change` to each value of a list of `name=value` or `name="value"`. */
function parameters(list: string, change: (name: string, value: string) => string): string {
  return list.replace(
    /(?<![\w-])([\w-]+)(\s*=\s*)(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
    (_, name: string, equals: string, quoted: string | undefined, plain: string | undefined) =>
      quoted === undefined
        ? `${name}${equals}${change(name, plain ?? '')}`
        : `${name}${equals}"${change(name, quoted)}"`,
  );
}

/** Names stay, all values go (RFC 6265 section 4.2.1). */
function cookies(value: string, replace: Replace): string {
  return value
    .split(';')
    .map((pair) => cookie(pair, replace))
    .join(';');
}

/** The name and the attributes stay (RFC 6265 section 4.1.1). */
function setCookie(value: string, replace: Replace): string {
  const end = value.indexOf(';');
  return end === -1
    ? cookie(value, replace)
    : cookie(value.slice(0, end), replace) + value.slice(end);
}

function cookie(pair: string, replace: Replace): string {
  const equals = pair.indexOf('=');
  const start = equals + 1 + (/^\s*/.exec(pair.slice(equals + 1))?.[0].length ?? 0);
  return pair.slice(0, start) + replace(pair.slice(start));
}

const CACHED_NAMES = 500;
const COOKIE_HEADERS = /^(?:cookie|set-cookie2?)$/;

/** Redacts the values of header and trailer lines. */
export class HeaderRedactor {
  readonly #replace: Replace;
  readonly #rules: RedactRules;
  readonly #byName: BoundedCache<HeaderRule>;

  constructor(replace: Replace, rules: RedactRules) {
    this.#replace = replace;
    this.#rules = rules;
    this.#byName = new BoundedCache(CACHED_NAMES, (name) => this.#ruleWithUsers(name));
  }

  /** @param flat - Name, value, name, value, ...; given back itself when nothing in it is secret. */
  redact(flat: FlatHeaders): FlatHeaders {
    const redacted = flat.map((text, at) =>
      at % 2 === 0 ? text : this.#byName.get(flat[at - 1] ?? '')(text, this.#replace),
    );
    return redacted.every((text, at) => text === flat[at]) ? flat : redacted;
  }

  #ruleWithUsers(name: string): HeaderRule {
    const rule = ruleFor(name);
    const { header, text, texts } = this.#rules;
    if (texts.length === 0) return rule;
    const lower = name.toLowerCase();
    // The values of all cookies are redacted anyway.
    if (header(lower) && !COOKIE_HEADERS.test(lower)) {
      return RULES.has(lower) ? rule : (value, replace) => replace(value);
    }
    if (text === null) return rule;
    return (value, replace) => rule(value, replace).replace(text, replace);
  }
}
