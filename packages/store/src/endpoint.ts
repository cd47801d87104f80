import type { Endpoint } from './exchange.ts';

const VERSION = /^v\d+(?:\.\d+)*$/i;
const DIGITS = /^\d+$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const HEX = /^[0-9a-f]{16,}$/i;
const PREFIXED = /^[a-z]{2,12}_(?=.*(?:[A-Z]|\d.*\d))[A-Za-z0-9_-]{8,}$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ].*)?$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const LONG_TOKEN = /^[A-Za-z0-9_-]{16,}$/;
const SHORT_TOKEN = /^[A-Z][A-Z0-9]{7,15}$/;

function hasDigitAndLetter(segment: string): boolean {
  return /\d/.test(segment) && /[A-Za-z]/.test(segment);
}

function looksLikeId(segment: string): boolean {
  if (VERSION.test(segment)) return false;
  if (DIGITS.test(segment) || UUID.test(segment) || HEX.test(segment)) return true;
  if (PREFIXED.test(segment) || DATE.test(segment) || EMAIL.test(segment)) return true;
  if (!hasDigitAndLetter(segment)) return false;
  return SHORT_TOKEN.test(segment) || (LONG_TOKEN.test(segment) && /\d.*\d/.test(segment));
}

function singular(word: string): string {
  if (/ies$/i.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/i.test(word)) return word.slice(0, -2);
  if (/s$/i.test(word) && !/(?:ss|us|is)$/i.test(word)) return word.slice(0, -1);
  return word;
}

function parameterName(parent: string | undefined, taken: ReadonlySet<string>): string {
  const plain = parent !== undefined && /^[A-Za-z][A-Za-z0-9_.-]*$/.test(parent);
  const base = plain && !VERSION.test(parent) ? singular(parent).replace(/[.-]/g, '_') : 'id';
  let name = base;
  for (let n = 2; taken.has(name); n += 1) name = `${base}${n}`;
  return name;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The path with every segment that looks like an id replaced by a parameter named after its
 * parent: `/v1/customers/cus_9s6XKzkNRiz8i3` becomes `/v1/customers/{customer}`.
 *
 * @param path - The path of a request target, query excluded.
 */
export function pathTemplate(path: string): string {
  const taken = new Set<string>();
  let parent: string | undefined;
  const segments = path.split('/').map((segment) => {
    if (segment === '' || !looksLikeId(decodeSegment(segment))) {
      if (segment !== '') parent = segment;
      return segment;
    }
    const name = parameterName(parent, taken);
    taken.add(name);
    return `{${name}}`;
  });
  return segments.join('/');
}

/** Where the path of an absolute URL starts; `url.length` when it has none. */
function pathStart(url: string): number {
  const authority = url.indexOf('://') + 3;
  for (let at = authority; at < url.length; at += 1) {
    const character = url[at];
    if (character === '/' || character === '?') return at;
  }
  return url.length;
}

/** Scheme, host and port of an absolute URL, userinfo left out. */
function originOf(url: string, end: number): string {
  const scheme = url.slice(0, url.indexOf('://') + 3);
  const authority = url.slice(scheme.length, end);
  return scheme + authority.slice(authority.lastIndexOf('@') + 1);
}

/**
 * The endpoint that a call belongs to, by the look of its URL alone.
 *
 * @param method - The request method.
 * @param url - The absolute target URI.
 */
export function endpointOf(method: string, url: string): Endpoint {
  const start = pathStart(url);
  const queryAt = url.indexOf('?', start);
  const path = url.slice(start, queryAt === -1 ? url.length : queryAt);
  return { method, origin: originOf(url, start), template: pathTemplate(path) || '/' };
}
