import type { Feature, Features } from './features.ts';
import { allAnswerAlike } from './group.ts';
import type { Recording } from './recording.ts';
import { surenessOf } from './shape.ts';
import type { Shape, Sureness } from './shape.ts';
import type { UuidOrigins } from './uuid-origins.ts';

/** The places whose values are new for each request, and what the values look like. */
export type Volatile = ReadonlyMap<string, Shape>;

/** A recorded request taken apart. */
export interface Sample {
  readonly recording: Recording;
  readonly features: Features;
}

/** Places without a telling shape that are tried, at most. */
const MAX_TRIED = 8;

/** What a set of requests have in common at a place; `digits` where only that. */
function commonShape(samples: readonly Sample[], place: string): Shape | null {
  let common: Shape | null | undefined;
  for (const { features } of samples) {
    const shape = features.get(place)?.shape ?? null;
    if (shape === null) return null;
    common = common === undefined || common === shape ? shape : 'digits';
  }
  return common ?? null;
}

function fits(feature: Feature, shape: Shape): boolean {
  return shape === 'digits' ? feature.shape !== null : feature.shape === shape;
}

/**
 * What is left of a request apart from values that are new each time; the same for two that are the
 * same request. A value that does not look like those it stands with stays.
 */
export function remainder(features: Features, volatile: Volatile): string {
  const parts = [...features].map(([place, feature]) => {
    const shape = volatile.get(place);
    if (shape === undefined || !fits(feature, shape)) return [place, feature.exact];
    return [place, shape, feature.exact.startsWith('"')];
  });
  return JSON.stringify(parts.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

function sureAt(place: string, shape: Shape, sample: Sample, origins: UuidOrigins): Sureness {
  const feature = sample.features.get(place);
  if (feature === undefined) return 'no';
  if (place.startsWith('path:')) return origins.isGivenByTheClient(feature.text) ? 'sure' : 'no';
  if (shape === 'uuid' && !origins.isOfTheClient(feature.text)) return 'no';
  return surenessOf(feature, shape, sample.recording.exchange.startedAt);
}

function least(a: Sureness, b: Sureness): Sureness {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'likely' || b === 'likely' ? 'likely' : 'sure';
}

function sureness(
  samples: readonly Sample[],
  place: string,
  shape: Shape,
  origins: UuidOrigins,
): Sureness {
  let verdict: Sureness = 'sure';
  for (const sample of samples) {
    verdict = least(verdict, sureAt(place, shape, sample, origins));
    if (verdict === 'no') break;
  }
  return verdict;
}

function sameBut(samples: readonly Sample[], volatile: Volatile): Sample[][] {
  const groups = Map.groupBy(samples, ({ features }) => remainder(features, volatile));
  return [...groups.values()].filter((group) => group.length > 1);
}

function valuesAt(group: readonly Sample[], place: string): Set<string> {
  return new Set(group.map(({ features }) => features.get(place)?.exact ?? ''));
}

/** The places at which requests that are otherwise equal have had different values. */
function changing(
  samples: readonly Sample[],
  sure: Volatile,
  likely: Volatile,
): Map<string, Shape> {
  if (likely.size === 0) return new Map();
  const groups = sameBut(samples, new Map([...sure, ...likely]));
  const isChanging = (place: string): boolean =>
    groups.some((group) => valuesAt(group, place).size > 1);
  return new Map([...likely].filter(([place]) => isChanging(place)));
}

/** Whether a place never had a value twice and every value got the same answer. */
function isOfNoConsequence(samples: readonly Sample[], place: string, known: Volatile): boolean {
  const groups = sameBut(samples, new Map([...known, [place, 'digits']]));
  return (
    groups.length > 0 &&
    groups.every(
      (group) =>
        valuesAt(group, place).size === group.length &&
        allAnswerAlike(group.map(({ recording }) => recording)),
    )
  );
}

interface Sorted {
  readonly sure: Map<string, Shape>;
  readonly likely: Map<string, Shape>;
  /** With digits in them, and no other sign. */
  readonly plain: readonly string[];
}

function sortedPlaces(samples: readonly Sample[], origins: UuidOrigins): Sorted {
  const sure = new Map<string, Shape>();
  const likely = new Map<string, Shape>();
  const plain: string[] = [];
  for (const place of samples[0]?.features.keys() ?? []) {
    const shape = commonShape(samples, place);
    if (shape === null) continue;
    const verdict = sureness(samples, place, shape, origins);
    if (verdict === 'sure') sure.set(place, shape);
    else if (verdict === 'likely') likely.set(place, shape);
    else if (shape === 'digits' || shape === 'time') plain.push(place);
  }
  return { sure, likely, plain };
}

/**
 * Learns from requests with the same places which values are new each time:
 *
 * - by their look alone, where that leaves no doubt;
 * - by their look, where requests that are otherwise equal have had different ones;
 * - without a telling look, where such requests have never had the same twice, and all got the same
 *   answer.
 */
export function learnVolatile(samples: readonly Sample[], origins: UuidOrigins): Volatile {
  const { sure, likely, plain } = sortedPlaces(samples, origins);
  const known = new Map([...sure, ...changing(samples, sure, likely)]);
  if (samples.length < 2) return known;
  const varied = plain.filter((place) => valuesAt(samples, place).size > 1);
  for (const place of varied.slice(0, MAX_TRIED)) {
    if (isOfNoConsequence(samples, place, known)) known.set(place, 'digits');
  }
  return known;
}

function isNew(features: Features, place: string, shape: Shape): boolean {
  const feature = features.get(place);
  return feature !== undefined && fits(feature, shape);
}

/** The places at which both of two requests have a value that is new each time. */
export function newInBoth(volatile: Volatile, one: Features, other: Features): Set<string> {
  const both = [...volatile].filter(
    ([place, shape]) => isNew(one, place, shape) && isNew(other, place, shape),
  );
  return new Set(both.map(([place]) => place));
}
