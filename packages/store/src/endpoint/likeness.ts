import type { PathNode } from './path-node.ts';
import { VALUE } from './path-tokens.ts';

/** Smaller sets of key paths say nothing. */
const LEAST_PATHS = 3;
/** Places below a node that are compared. */
const MOST_PLACES = 60;
/** What is left of a likeness where both sides name their kinds and these differ. */
const OTHER_KIND = 0.6;

interface Answers {
  readonly paths: Set<number>;
  readonly kinds: Set<string>;
}

/** What is answered at and below a node, by method and the rest of the path. */
export interface Profile {
  readonly exact: ReadonlyMap<string, Answers>;
  /** The same with the next segment taken for a value. */
  readonly wild: ReadonlyMap<string, Answers>;
}

function addTo(places: Map<string, Answers>, key: string, from: Answers): void {
  const known = places.get(key);
  if (known === undefined) {
    if (places.size < MOST_PLACES) {
      places.set(key, { paths: new Set(from.paths), kinds: new Set(from.kinds) });
    }
    return;
  }
  for (const path of from.paths) known.paths.add(path);
  for (const kind of from.kinds) known.kinds.add(kind);
}

function collect(node: PathNode, rest: string, add: (rest: string, node: PathNode) => void): void {
  add(rest, node);
  const children = [...node.children.values()].toSorted((one, other) =>
    one.key < other.key ? -1 : 1,
  );
  for (const child of children.slice(0, MOST_PLACES)) collect(child, `${rest}/${child.key}`, add);
}

/** The profile of what is below a place; `exact` and `wild` keep at most 60 entries. */
export function profileOf(node: PathNode): Profile {
  const exact = new Map<string, Answers>();
  const wild = new Map<string, Answers>();
  collect(node, '', (rest, at) => {
    for (const [method, calls] of at.calls) {
      if (calls.paths.size < LEAST_PATHS) continue;
      addTo(exact, `${method} ${rest}`, calls);
      const [, next = '', further = ''] = /^\/([^/]*)(.*)$/.exec(rest) ?? [];
      if (next === '' || next.startsWith(':') || next.startsWith('.')) continue;
      addTo(wild, `${method} /${VALUE}${further}`, calls);
    }
  });
  return { exact, wild };
}

function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let common = 0;
  for (const path of small) if (large.has(path)) common += 1;
  const jaccard = common / (small.size + large.size - common);
  return (jaccard + common / small.size) / 2;
}

function likenessOf(one: Answers, other: Answers): number {
  const named = one.kinds.size > 0 && other.kinds.size > 0;
  const differ = named && ![...one.kinds].some((kind) => other.kinds.has(kind));
  return overlap(one.paths, other.paths) * (differ ? OTHER_KIND : 1);
}

/** The mean likeness at the places that both have; null when they have none in common. */
function meanLikeness(
  one: ReadonlyMap<string, Answers>,
  other: ReadonlyMap<string, Answers>,
): number | null {
  let sum = 0;
  let places = 0;
  for (const [key, answers] of one) {
    const counterpart = other.get(key);
    if (counterpart === undefined) continue;
    sum += likenessOf(answers, counterpart);
    places += 1;
  }
  return places === 0 ? null : sum / places;
}

/** How alike the answers of two places are, 0 to 1; null when nothing can be compared. */
export function likeness(one: Profile, other: Profile): number | null {
  return meanLikeness(one.exact, other.exact) ?? meanLikeness(one.wild, other.wild);
}
