import type { Group } from './body-index.ts';
import { meaningOf } from './body-meaning.ts';
import type { Meaning } from './body-meaning.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import { bodyDifferences, pairDifferences, shortened } from './difference.ts';
import type { Difference } from './difference.ts';
import type { Bucket, Catalogue } from './match.ts';
import { groupPairs, queryPairs } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { splitTarget } from './target.ts';

/** A recording that was not played, and why. */
export interface NearMiss {
  readonly recording: Recording;
  /** The first few differences. */
  readonly differs: readonly Difference[];
  /** How many more there are, as far as they were counted. */
  readonly more: number;
}

const NEAREST = 3;
// These two keep a miss quick on a tape of many calls.
const MAX_BUCKETS = 500;
/** Bodies compared in one bucket. */
const MAX_BODIES = 100;
const MAX_SHOWN = 8;
const MAX_COUNTED = 200;

// A wrong path is a more likely sign of another call than a wrong method, and that than a wrong
// query; bodies decide only between equals.
const PATH_WEIGHT = 4;
const METHOD_WEIGHT = 3;

function pathDistance(a: readonly string[], b: readonly string[]): number {
  let differing = Math.abs(a.length - b.length);
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) differing += 1;
  }
  return differing;
}

function queryDistance(a: ReadonlyMap<string, string[]>, b: ReadonlyMap<string, string[]>): number {
  let differing = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    if (JSON.stringify(a.get(name)) !== JSON.stringify(b.get(name))) differing += 1;
  }
  return differing;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: readonly Pair[];
  readonly queryGroups: ReadonlyMap<string, string[]>;
  readonly body: Meaning;
  readonly secrets: SecretPlaces;
}

function askedOf(call: Call, secrets: SecretPlaces): Asked {
  // Secrets do not count as differences, and are not for repeating.
  const { path, query } = splitTarget(secrets.target(call.target));
  const pairs = queryPairs(query);
  return {
    method: call.method,
    path,
    segments: path.split('/'),
    query: pairs,
    queryGroups: groupPairs(pairs),
    secrets,
    body: meaningOf(secrets.content(contentOf(call))),
  };
}

function pathAndMethodDistance(asked: Asked, bucket: Bucket): number {
  const path = pathDistance(asked.segments, bucket.path.split('/')) * PATH_WEIGHT;
  return path + (asked.method === bucket.method ? 0 : METHOD_WEIGHT);
}

function bucketDistance(asked: Asked, bucket: Bucket): number {
  const distance = pathAndMethodDistance(asked, bucket);
  return distance + queryDistance(asked.queryGroups, groupPairs(queryPairs(bucket.query)));
}

/** The buckets whose path and method are nearest, as many as are worth a look at their queries. */
function nearBuckets(asked: Asked, catalogue: Catalogue): Bucket[] {
  const byDistance = new Map<number, Bucket[]>();
  for (const bucket of catalogue.buckets()) {
    const distance = pathAndMethodDistance(asked, bucket);
    const others = byDistance.get(distance);
    if (others === undefined) byDistance.set(distance, [bucket]);
    else if (others.length < MAX_BUCKETS) others.push(bucket);
  }
  const sorted = [...byDistance].toSorted(([a], [b]) => a - b);
  return sorted.flatMap(([, buckets]) => buckets).slice(0, MAX_BUCKETS);
}

interface Ranked<T> {
  readonly distance: number;
  readonly item: T;
}

/** Keeps the few nearest of many; among equals those that came first. */
function keepNearest<T>(kept: Ranked<T>[], candidate: Ranked<T>): void {
  const worst = kept[NEAREST - 1];
  if (worst !== undefined && worst.distance <= candidate.distance) return;
  const at = kept.findIndex(({ distance }) => distance > candidate.distance);
  kept.splice(at === -1 ? kept.length : at, 0, candidate);
  kept.length = Math.min(kept.length, NEAREST);
}

function* differences(asked: Asked, bucket: Bucket, recording: Recording): Generator<Difference> {
  if (bucket.method !== asked.method) {
    yield { in: 'method', at: '', recorded: bucket.method, received: asked.method };
  }
  if (bucket.path !== asked.path) {
    const [recorded, received] = [shortened(bucket.path), shortened(asked.path)];
    yield { in: 'path', at: '', recorded, received };
  }
  yield* pairDifferences('query', queryPairs(bucket.query), asked.query);
  yield* bodyDifferences(meaningOf(asked.secrets.content(recordedContent(recording))), asked.body);
}

function nearMiss(asked: Asked, bucket: Bucket, recording: Recording): NearMiss {
  const differs: Difference[] = [];
  let more = 0;
  for (const difference of differences(asked, bucket, recording)) {
    if (differs.length < MAX_SHOWN) differs.push(difference);
    else more += 1;
    if (more === MAX_COUNTED) break;
  }
  return { recording, differs, more };
}

function groupsOf(bucket: Bucket): Group[] {
  return bucket.shelves.flatMap((shelf) => shelf.bodies.groups().slice(0, MAX_BODIES));
}

/** The three recordings nearest to a call that none answers, the nearest first. */
export function nearestRecordings(call: Call, catalogue: Catalogue): NearMiss[] {
  const asked = askedOf(call, catalogue.secrets);
  const buckets: Ranked<Bucket>[] = [];
  for (const bucket of nearBuckets(asked, catalogue)) {
    keepNearest(buckets, { distance: bucketDistance(asked, bucket), item: bucket });
  }
  const misses: Ranked<NearMiss>[] = [];
  for (const { distance, item: bucket } of buckets) {
    for (const { recordings } of groupsOf(bucket)) {
      const [recording] = recordings;
      if (recording === undefined) continue;
      const miss = nearMiss(asked, bucket, recording);
      // Between buckets the distance decides, within one the number of differences.
      const fine = (miss.differs.length + miss.more) / (MAX_SHOWN + MAX_COUNTED + 1);
      keepNearest(misses, { distance: distance + fine, item: miss });
    }
  }
  return misses.map(({ item }) => item);
}
