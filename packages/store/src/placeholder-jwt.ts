const JWT = /^eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?$/;

/** Header parameters that say how to read the token and nothing of its owner (RFC 7515, RFC 7516). */
const PLAIN_PARAMETERS: ReadonlySet<string> = new Set(['alg', 'typ', 'cty', 'enc', 'zip']);

/** Claims whose numbers are times; a client acts on them (RFC 7519 section 4.1). */
const TIMES: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

const MOST_DEPTH = 32;

type Keep = (name: string, value: unknown) => boolean;

const keepParameter: Keep = (name, value) =>
  PLAIN_PARAMETERS.has(name) && typeof value === 'string';

const keepTime: Keep = (name, value) => TIMES.has(name) && typeof value === 'number';

type Restyle = (text: string) => string;

/** A JSON Web Token: its decoded header, and its other parts as they are written. */
export interface JwtParts {
  readonly header: object;
  readonly rest: readonly string[];
}

/** Is it written like a signed (three parts) or encrypted (five parts) JSON Web Token? */
export function isJwt(text: string): boolean {
  return JWT.test(text);
}

/** Null when the first part is no JSON object after all. */
export function jwtParts(text: string): JwtParts | null {
  const [first = '', ...rest] = text.split('.');
  const header = decoded(first);
  return header === null ? null : { header, rest };
}

/**
 * The same token with other content: `alg` and its like, claim names and times stay, all other
 * values are restyled, and what is no JSON, such as the signature, is restyled as text.
 */
export function restyledJwt({ header, rest }: JwtParts, restyle: Restyle): string {
  const parts = rest.map((part) => {
    const claims = decoded(part);
    return claims === null ? restyle(part) : encoded(restyledObject(claims, keepTime, restyle, 0));
  });
  return [encoded(restyledObject(header, keepParameter, restyle, 0)), ...parts].join('.');
}

function decoded(part: string): object | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function restyledObject(object: object, keep: Keep, restyle: Restyle, depth: number): object {
  const entries = Object.entries(object).map(([name, value]: [string, unknown]) => [
    name,
    keep(name, value) ? value : restyledValue(value, restyle, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function restyledValue(value: unknown, restyle: Restyle, depth: number): unknown {
  if (typeof value === 'string') return restyle(value);
  if (typeof value === 'number') return restyledNumber(value, restyle);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MOST_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => restyledValue(item, restyle, depth + 1));
  return restyledObject(value, keepTime, restyle, depth);
}

function restyledNumber(value: number, restyle: Restyle): number {
  const other = Number(restyle(String(value)).replace(/^(-?)0/, '$11'));
  return Number.isFinite(other) ? other : 0;
}
