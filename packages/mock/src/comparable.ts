import type { Meaning } from './body-meaning.ts';
import { ExactNumber } from './exact-json.ts';
import type { Matching } from './matching.ts';
import { partField } from './multipart.ts';
import { isNewEachTime, queryPairs } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { namesOne } from './place.ts';

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

/** Such members stand at the top, where an API takes its own parameters. */
function withoutNew(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value instanceof ExactNumber) return value;
  const members: [string, unknown][] = Object.entries(value);
  return members.some(([name]) => isNewEachTime(name))
    ? Object.fromEntries(members.filter(([name]) => !isNewEachTime(name)))
    : value;
}

/** Later items of an array first, so that those before them keep their numbers. */
function laterFirst(a: readonly string[], b: readonly string[]): number {
  return b.join('/').localeCompare(a.join('/'), 'en', { numeric: true });
}

/** What takes part of what a body says. */
export function comparedMeaning(meaning: Meaning, { form, json }: Matching): Meaning {
  const counts = (name: string): boolean => !isNewEachTime(name) && !namesOne(form, name);
  if (meaning.kind === 'form') {
    return { kind: 'form', pairs: meaning.pairs.filter(([name]) => counts(name)) };
  }
  if (meaning.kind === 'multipart') {
    const parts = meaning.parts.filter((part) => counts(partField(part)?.name ?? ''));
    return { kind: 'multipart', parts };
  }
  if (meaning.kind === 'bytes') return meaning;
  const value = json.toSorted(laterFirst).reduce(withoutPlace, withoutNew(meaning.value));
  return value === meaning.value ? meaning : { kind: 'json', value };
}
