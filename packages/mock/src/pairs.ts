export type Pair = readonly [name: string, value: string];

// OAuth 1.0 puts a nonce, a timestamp and a signature into each request (RFC 5849 section 3.1).
const VOLATILE = /^oauth_/;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Reads `name=value&...` as in a query or a form; what is not valid percent-encoding stays raw. */
export function parsePairs(text: string): Pair[] {
  return text
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=');
      if (equals === -1) return [decode(piece), ''];
      return [decode(piece.slice(0, equals)), decode(piece.slice(equals + 1))];
    });
}

/** The values of each name, in their order, the names sorted. */
export function groupPairs(pairs: readonly Pair[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = groups.get(name);
    if (values === undefined) groups.set(name, [value]);
    else values.push(value);
  }
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One text for all orders of the same pairs; the order of a repeated name's values counts. */
export function canonicalPairs(pairs: readonly Pair[]): string {
  return JSON.stringify([...groupPairs(pairs)]);
}

/** The pairs of a query that take part in matching. */
export function queryPairs(query: string): Pair[] {
  return parsePairs(query).filter(([name]) => !VOLATILE.test(name));
}
