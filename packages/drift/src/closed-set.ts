import type { Sightings } from './sightings.ts';
import { textFormat } from './text-format.ts';
import type { TextLessons } from './text-lessons.ts';

const LEAST_BODIES = 12;
const LEAST_EACH = 3;
const LITTLE_TRUST = 0.4;
const SOME_TRUST = 0.6;
/** Up to three words of letters, as names of states are. */
const WORDS = /^[\p{L}_][\p{L}\d_.:/+#-]*(?: [\p{L}\d_.:/+#-]+){0,2}$/u;
const MOST_LENGTH = 40;

/** The values of a place that seems to take these only; undefined where any may come. */
export function closedValues(
  { values }: TextLessons,
  bodies: number,
): ReadonlyMap<string, Sightings> | undefined {
  if (values === null || values.size === 0) return undefined;
  if (bodies < LEAST_BODIES || bodies < LEAST_EACH * values.size) return undefined;
  return [...values.keys()].every(isMemberLike) ? values : undefined;
}

/** How far a set is all there is: the oftener its rarest value came, the less is one missing. */
export function trustIn(counts: readonly number[]): number {
  const rarest = Math.min(...counts);
  if (rarest <= 1) return LITTLE_TRUST;
  return rarest === 2 ? SOME_TRUST : 1;
}

function isMemberLike(text: string): boolean {
  return text.length <= MOST_LENGTH && WORDS.test(text) && textFormat(text) === 'plain';
}
