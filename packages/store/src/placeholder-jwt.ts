import { rewriteJson } from './json-text.ts';
import { JSON_SPELLING, respell } from './respell.ts';

const JWT = /^eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?$/;

/** Header parameters that say how to read the token and nothing of its owner (RFC 7515, RFC 7516). */
const PLAIN_PARAMETERS: ReadonlySet<string> = new Set(['alg', 'typ', 'cty', 'enc', 'zip']);

/** Claims whose numbers are times; a client acts on them (RFC 7519 section 4.1). */
const TIMES: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

type Restyle = (text: string) => string;

/** Is it written like a signed (three parts) or encrypted (five parts) JSON Web Token? */
export function isJwt(text: string): boolean {
  return JWT.test(text);
}

/**
 * The same token with other content: `alg` and its like, claim names and times stay, all other
 * values are restyled, and what is no JSON, such as the signature, is restyled as text. Each part
 * keeps its length. Null when the first part is no JSON object after all.
 */
export function restyledJwt(token: string, restyle: Restyle): string | null {
  const [first = '', ...rest] = token.split('.');
  const header = restyledJson(first, true, restyle);
  if (header === null) return null;
  const parts = rest.map((part) => restyledJson(part, false, restyle) ?? restyle(part));
  return [header, ...parts].join('.');
}

function restyledJson(part: string, isHeader: boolean, restyle: Restyle): string | null {
  // One character a byte, so that what is replaced keeps its length in bytes.
  const text = Buffer.from(part, 'base64url').toString('latin1');
  if (!text.startsWith('{')) return null;
  const rewritten = rewriteJson(text, (raw, isString, { name, path }) => {
    const isKept = isString
      ? isHeader && path.length === 1 && PLAIN_PARAMETERS.has(name)
      : TIMES.has(name) || !/^-?\d/.test(raw);
    if (isKept) return raw;
    return isString ? respell(raw, JSON_SPELLING, restyle) : restyledNumber(raw, restyle);
  });
  if (rewritten.end < text.length) return null;
  const coded = Buffer.from(rewritten.text, 'latin1').toString('base64url');
  return coded.length === part.length ? coded : null;
}

/** Another number of the same length; an exponent stays, and none begins with a zero. */
export function restyledNumber(raw: string, restyle: Restyle): string {
  return raw.replace(/^(-?)(\d+)(\.\d+)?/, (_, sign: string, whole: string, fraction = '') => {
    const other = restyle(`${whole}${String(fraction)}`);
    return sign + (/^\d+(?:\.\d+)?$/.test(other) ? other.replace(/^0(?=\d)/, '1') : '0');
  });
}
