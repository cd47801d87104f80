import { lookOf } from './look.ts';

/** The key of a segment that is a value. */
export const VALUE = '{}';

/** A step of a path. */
export interface PathToken {
  /** As it is in the URL. */
  readonly text: string;
  /** The same for all values that look like one: `{}`, or `Products({})`. */
  readonly key: string;
  readonly isValue: boolean;
  /** Only siblings can tell whether it is a value. */
  readonly isMaybe: boolean;
  /** Belongs to the segment before it: `.json`, `:cancel`. */
  readonly isGlued: boolean;
}

const GLUED = /^(.+?)(\.(?:json|xml|csv|yaml|html|jsonld|rss|atom)|:[a-z][A-Za-z]+)$/;
const CALL = /^([A-Za-z]\w*)\((.+)\)$/;

export function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function segmentToken(text: string, parent: string | undefined): PathToken {
  const plain = { text, isMaybe: false, isGlued: false };
  const decoded = decodeSegment(text);
  const call = CALL.exec(decoded);
  // Keys in brackets (OData 4.01, part 2, section 4.3).
  if (call !== null) return { ...plain, key: `${call[1] ?? ''}(${VALUE})`, isValue: true };
  const look = lookOf(decoded, parent);
  if (look === 'id') return { ...plain, key: VALUE, isValue: true };
  return { ...plain, key: text, isValue: false, isMaybe: look === 'maybe' };
}

/**
 * The steps of a path, by the look of each segment.
 *
 * @param path - The path of a request target, query excluded.
 */
export function pathTokens(path: string): PathToken[] {
  const tokens: PathToken[] = [];
  let parent: string | undefined;
  for (const segment of path.split('/').slice(path.startsWith('/') ? 1 : 0)) {
    const [, base = segment, end = ''] = GLUED.exec(segment) ?? [];
    const token = segmentToken(base, parent);
    tokens.push(token);
    if (end !== '') {
      tokens.push({ text: end, key: end, isValue: false, isMaybe: false, isGlued: true });
    }
    parent = token.text;
  }
  return tokens;
}
