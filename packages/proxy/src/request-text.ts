/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_A_TARGET = /[^\x21-\x7e\x80-\xff]/;
/** A line break in a value would begin a field, or another request, of somebody's own making. */
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** What the head of a request is made of. */
export interface RequestParts {
  readonly method: string;
  readonly target: string;
  /** Flat: name, value, name, value, ... */
  readonly fields: readonly string[];
}

function fieldLine(name: string, value: string): string {
  if (TOKEN.test(name) && !NOT_A_VALUE.test(value)) return `${name}: ${value}\r\n`;
  throw new TypeError('a field of the request cannot be sent');
}

/**
 * The head of a request, to be sent one byte a character (latin-1).
 *
 * @throws TypeError when it would not be one valid head.
 */
export function requestText({ method, target, fields }: RequestParts): string {
  if (!TOKEN.test(method) || target === '' || NOT_A_TARGET.test(target)) {
    throw new TypeError('the request line cannot be sent');
  }
  let text = `${method} ${target} HTTP/1.1\r\n`;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    text += fieldLine(fields[at] ?? '', fields[at + 1] ?? '');
  }
  return `${text}\r\n`;
}

/** What ends chunked content (RFC 9112 section 7.1.2). */
export function lastChunkText(trailers: readonly [string, string][]): string {
  return `0\r\n${trailers.map(([name, value]) => fieldLine(name, value)).join('')}\r\n`;
}
