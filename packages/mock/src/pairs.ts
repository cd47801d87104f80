export type Pair = readonly [name: string, value: string];

// OAuth 1.0 puts a nonce, a timestamp and a signature into each request (RFC 5849 section 3.1), as
// signed URLs of AWS and of Google have them; client assertions are signed with the time (RFC 7521).
const NEW_EACH_TIME =
  /^(?:oauth_.*|x-(?:amz|goog)-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)|client_assertion|assertion|idempotency_?key)$/i;

/** Whether the value of a query parameter or a form field is made anew for each request. */
export function isNewEachTime(name: string): boolean {
  return NEW_EACH_TIME.test(name);
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
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

function byName([a]: Pair, [b]: Pair): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The values of each name, in their order, the names sorted. */
export function groupPairs(pairs: readonly Pair[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs.toSorted(byName)) {
    const values = groups.get(name);
    if (values === undefined) groups.set(name, [value]);
    else values.push(value);
  }
  return groups;
}

/** The same pairs in the one order that stands for all; a repeated name's values keep theirs. */
export function canonicalPairs(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.length < 2 ? pairs : pairs.toSorted(byName);
}

/** The pairs of a query that take part in matching. */
export function queryPairs(query: string): Pair[] {
  return parsePairs(query).filter(([name]) => !isNewEachTime(name));
}
