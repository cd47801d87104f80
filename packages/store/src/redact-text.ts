import { CARD, isCard } from './redact-cards.ts';
import { KEY } from './redact-keys.ts';
import { SECRET_PARAMETER } from './redact-names.ts';

/** Gives the placeholder of a secret. */
export type Replace = (secret: string) => string;

/** `//user:password@` of a URL; the last `@` before the path ends it, as URL parsers have it. */
const USERINFO = String.raw`(?<=:)\/\/(?<userinfo>[^/?#\s"'<>]+)@`;

/** A secret parameter of a query or fragment, also within a URL that is itself a parameter. */
const PARAMETER = String.raw`(?i:(?<before>(?:[?&#]|%3F|%26|%23)(?:[\w.-]{0,40}(?:\[|%5B))?${SECRET_PARAMETER}(?:\]|%5D)?(?:=|%3D))(?<value>(?=[^&#\s"'<>])[^&#%\s"'<>]*(?:%(?!26|23)[^&#%\s"'<>]*)*))`;

/**
 * Paths that are a capability: webhooks of Slack, Discord and Zapier, interactions of Discord,
 * uploads of Slack, bots of Telegram.
 */
const PATH = String.raw`(?<path>\/services\/T\w{5,20}\/B\w{5,20}\/|\/webhooks\/\d{10,25}\/|\/interactions\/\d{10,25}\/|\/hooks\/(?:catch|standard)\/\d+\/|files\.slack\.com\/upload\/v\d\/|\/bot(?=\d{5,12}:[\w-]{30}))(?<capability>[\w:-]{6,})`;

const BEARER = String.raw`(?<scheme>(?i:\bBearer)\s+)(?<bearer>[\w.~+/-]{16,}=*)`;

/** A private key as text (RFC 7468), whole or cut; its first and last line are no secret. */
const PEM = String.raw`(?<begin>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?<pem>[^-]+)`;

const KEYED = `(?<key>${KEY})`;

/** One pass over the text, so that no placeholder is taken for a secret and replaced again. */
const SECRET = new RegExp([USERINFO, PARAMETER, PATH, BEARER, KEYED].join('|'), 'g');

/**
 * All that is secret by its looks, for texts that are no header or URL: also private keys and card
 * numbers. Parts of a regular expression whose matches {@link redactMatch} understands.
 */
export const SECRET_LOOKS: readonly string[] = [
  PEM,
  USERINFO,
  PARAMETER,
  PATH,
  BEARER,
  KEYED,
  `(?<card>${CARD})`,
];

/** The named groups of the patterns above. */
export interface Groups {
  readonly begin?: string;
  readonly pem?: string;
  readonly userinfo?: string;
  readonly before?: string;
  readonly value?: string;
  readonly path?: string;
  readonly capability?: string;
  readonly scheme?: string;
  readonly bearer?: string;
  readonly key?: string;
  readonly card?: string;
}

/** Replaces what is secret by its place in a URL, or a key by its shape, anywhere in a text. */
export function redactText(text: string, replace: Replace): string {
  return text.replace(SECRET, (match, ...found: unknown[]) => {
    const groups = found.at(-1);
    return isGroups(groups) ? redactMatch(match, groups, replace) : match;
  });
}

/** `String.replace` hands the named groups over last. */
function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null;
}

/** Replaces the secret in a match of one of the patterns above. */
export function redactMatch(match: string, groups: Groups, replace: Replace): string {
  const { userinfo, begin, pem = '', card, path = '', before = '', scheme = '' } = groups;
  if (userinfo !== undefined) return `//${redactUserinfo(userinfo, replace)}@`;
  if (begin !== undefined) return begin + redactPem(pem, replace);
  if (card !== undefined) return isCard(card) ? replace(card) : match;
  const front = before + path + scheme;
  return front + replace(match.slice(front.length));
}

/** Line by line; line ends may also be written as escapes, as in environment variables. */
function redactPem(pem: string, replace: Replace): string {
  return pem.replace(/(\\+[rn])|[A-Za-z0-9+/=]+/g, (match, lineEnd: string | undefined) =>
    lineEnd === undefined ? replace(match) : match,
  );
}

/** User and password apart: either may be the key, with nothing or a fixed word as the other. */
export function redactUserinfo(userinfo: string, replace: Replace): string {
  const colon = userinfo.indexOf(':');
  if (colon === -1) return replace(userinfo);
  return `${replace(userinfo.slice(0, colon))}:${replace(userinfo.slice(colon + 1))}`;
}
