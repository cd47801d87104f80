import type { Fields } from './shape.ts';
import { surprise } from './surprise.ts';

/** By chance this seldom, before the value of a tag is believed to decide which members there are. */
const BELIEF = 0.001;
/** Members that come and go together are believed sooner. */
const SEVERAL = 2;
const BELIEF_OF_SEVERAL = 0.02;

type Variants = ReadonlyMap<string, Fields>;

interface Presence {
  bodies: number;
  readonly keys: Map<string, number>;
}

/** Does the tag decide which members there are? Asked of all that is known, before and after. */
export function isTagged(...all: readonly Variants[]): boolean {
  const presences = [...presencesOf(all)];
  return presences.some(([tag, one], at) =>
    presences.slice(at + 1).some(([otherTag, other]) => {
      const tagKeys = new Set([keyOf(tag), keyOf(otherTag)]);
      return decides(one, other, tagKeys) || decides(other, one, tagKeys);
    }),
  );
}

/** Has this variant members that no other has, or lacks some that all others always have? */
export function hasOwnMembers(tag: string, variants: Variants): boolean {
  const own = variants.get(tag);
  if (own === undefined) return false;
  const others = [...variants].filter(([other]) => other !== tag).map(([, fields]) => fields);
  const isOwn = [...own.members].some(
    ([key, { some }]) => some.count === 0 && others.every(({ members }) => !members.has(key)),
  );
  const [first] = others;
  const lacks = [...(first?.members.keys() ?? [])].some(
    (key) =>
      !own.members.has(key) &&
      key !== keyOf(tag) &&
      others.every(({ members }) => members.get(key)?.some.count === 0),
  );
  return isOwn || lacks;
}

/** The member that a tag is the value of. */
export function keyOf(tag: string): string {
  return tag.slice(0, Math.max(0, tag.indexOf('=')));
}

export function valueOf(tag: string): string {
  return tag.slice(tag.indexOf('=') + 1);
}

function presencesOf(all: readonly Variants[]): Map<string, Presence> {
  const presences = new Map<string, Presence>();
  for (const [tag, { bodies, members }] of all.flatMap((variants) => [...variants])) {
    const known = presences.get(tag) ?? { bodies: 0, keys: new Map<string, number>() };
    presences.set(tag, known);
    known.bodies += bodies.count;
    for (const [key, { none }] of members) {
      known.keys.set(key, (known.keys.get(key) ?? 0) + bodies.count - none.count);
    }
  }
  return presences;
}

/** Are there members that one always has and the other never, by more than chance? */
function decides(one: Presence, other: Presence, except: ReadonlySet<string>): boolean {
  const chance = surprise(0, one.bodies, other.bodies, other.bodies);
  if (chance >= BELIEF_OF_SEVERAL) return false;
  const telling = [...one.keys].filter(
    ([key, count]) => count === one.bodies && !other.keys.has(key) && !except.has(key),
  );
  return telling.length >= (chance < BELIEF ? 1 : SEVERAL);
}
