import type { Meaning } from './body-meaning.ts';
import { ExactNumber } from './exact-json.ts';
import type { Matching } from './matching.ts';
import { partField } from './multipart.ts';
import { queryPairs } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { namesOne } from './place.ts';

// Made anew for each request: assertions signed with the time (RFC 7521 section 4), keys against
// sending twice, and OAuth 1.0 (RFC 5849 section 3.1), which also goes into forms.
const NEW_EACH_TIME = /^(?:oauth_.*|client_assertion|assertion|idempotency_?key)$/i;
const SIGNED = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The pairs of a query that take part. */
export function comparedQuery(query: string, matching: Matching): Pair[] {
  if (query === '' || !matching.parts.has('query')) return [];
  const pairs = queryPairs(query);
  return matching.query.length === 0
    ? pairs
    : pairs.filter(([name]) => !namesOne(matching.query, name));
}

function withoutPlace(value: unknown, [token, ...rest]: readonly string[]): unknown {
  if (token === undefined || typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactNumber) return value;
  const named = (name: string): boolean => token === '*' || token === name;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, at) => !named(String(at)));
    return value.map((item: unknown, at) => (named(String(at)) ? withoutPlace(item, rest) : item));
  }
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (!named(name)) return [[name, member]];
    return rest.length === 0 ? [] : [[name, withoutPlace(member, rest)]];
  });
  return Object.fromEntries(members);
}

function isNewEachTime(name: string, value: unknown): boolean {
  if (!NEW_EACH_TIME.test(name)) return false;
  return !/assertion$/i.test(name) || (typeof value === 'string' && SIGNED.test(value));
}

function withoutNew(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value instanceof ExactNumber) return value;
  const members: [string, unknown][] = Object.entries(value);
  return members.some(([name, member]) => isNewEachTime(name, member))
    ? Object.fromEntries(members.filter(([name, member]) => !isNewEachTime(name, member)))
    : value;
}

/** Later items of an array first, so that those before them keep their numbers. */
function laterFirst(a: readonly string[], b: readonly string[]): number {
  return b.join('/').localeCompare(a.join('/'), 'en', { numeric: true });
}

/** What takes part of what a body says. */
export function comparedMeaning(meaning: Meaning, { form, json }: Matching): Meaning {
  switch (meaning.kind) {
    case 'json': {
      const value = json.toSorted(laterFirst).reduce(withoutPlace, withoutNew(meaning.value));
      return value === meaning.value ? meaning : { kind: 'json', value };
    }
    case 'form': {
      const counts = ([name]: Pair): boolean => !NEW_EACH_TIME.test(name) && !namesOne(form, name);
      return { kind: 'form', pairs: meaning.pairs.filter(counts) };
    }
    case 'multipart': {
      if (form.length === 0) return meaning;
      const counts = (part: string): boolean => !namesOne(form, partField(part)?.name ?? '');
      return { kind: 'multipart', parts: meaning.parts.filter(counts) };
    }
    case 'bytes':
      return meaning;
  }
}
