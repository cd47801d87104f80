import { meaningOf } from './body-meaning.ts';
import type { Meaning } from './body-meaning.ts';
import { contentOf, hostOf } from './call.ts';
import type { Call } from './call.ts';
import { comparedMeaning, comparedQuery } from './comparable.ts';
import { bodyDifferences, pairDifferences, shortened } from './difference.ts';
import type { Difference } from './difference.ts';
import { recordedValue, valueOf } from './group.ts';
import type { Group } from './group.ts';
import type { Bucket } from './bucket.ts';
import type { Catalogue } from './match.ts';
import { comparedPath } from './matching.ts';
import { groupPairs, queryPairs } from './pairs.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { splitTarget } from './target.ts';

/** A recording that was not played, and why. */
export interface NearMiss {
  readonly recording: Recording;
  /** The recordings of the same request. */
  readonly group: Group;
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
  readonly call: Call;
  readonly method: string;
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: string;
  readonly queryGroups: ReadonlyMap<string, string[]>;
  readonly body: Meaning;
  readonly secrets: SecretPlaces;
}

function askedOf(call: Call, secrets: SecretPlaces): Asked {
  // Secrets do not count as differences, and are not for repeating.
  const { path, query } = splitTarget(secrets.target(call.target));
  return {
    call,
    method: call.method,
    path,
    segments: path.split('/'),
    query,
    queryGroups: groupPairs(queryPairs(query)),
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
  const alike = catalogue.bucketsLike(asked.path);
  const candidates = alike.length < NEAREST ? catalogue.buckets() : alike;
  for (const bucket of candidates) {
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

function* differences(asked: Asked, bucket: Bucket, miss: Candidate): Generator<Difference> {
  const { matching } = bucket;
  const { recording, group } = miss;
  if (bucket.method !== asked.method) {
    yield { in: 'method', at: '', recorded: bucket.method, received: asked.method, fix: null };
  }
  yield* hostDifference(asked, bucket, recording);
  yield* pathDifference(comparedPath(bucket.path, matching), comparedPath(asked.path, matching));
  const recordedQuery = comparedQuery(bucket.query, matching);
  yield* pairDifferences('query', recordedQuery, comparedQuery(asked.query, matching));
  for (const name of group.comparedHeaders) yield* headerDifference(asked, recording, name);
  if (!matching.parts.has('body')) return;
  const recorded = meaningOf(asked.secrets.content(recordedContent(recording)));
  const received = comparedMeaning(asked.body, matching);
  yield* bodyDifferences(comparedMeaning(recorded, matching), received);
}

function* hostDifference(
  { call }: Asked,
  { matching }: Bucket,
  recording: Recording,
): Generator<Difference> {
  if (call.proxiedOrigin === null || !matching.parts.has('host')) return;
  const [recorded, received] = [recording.host, hostOf(call)];
  if (recorded === received) return;
  yield { in: 'host', at: '', recorded, received, fix: { match: '-host' } };
}

/** A pattern that leaves out the few segments in which two paths of the same length differ. */
function pathPattern(recorded: string, received: string): string | undefined {
  const [was, is] = [recorded.split('/'), received.split('/')];
  const pattern = was.map((segment, at) => (segment === is[at] ? segment : '*'));
  const differing = pattern.filter((segment) => segment === '*').length;
  if (was.length !== is.length || differing > 2 || differing > was.length - 2) return undefined;
  return pattern.join('/');
}

function* pathDifference(recorded: string, received: string): Generator<Difference> {
  if (recorded === received) return;
  const pattern = pathPattern(recorded, received);
  yield {
    in: 'path',
    at: '',
    recorded: shortened(recorded),
    received: shortened(received),
    fix: pattern === undefined ? null : { ignore: `path:${pattern}` },
  };
}

function* headerDifference(
  { call }: Asked,
  recording: Recording,
  name: string,
): Generator<Difference> {
  const [recorded, received] = [recordedValue(recording, name), valueOf(call, name)];
  if (recorded === received) return;
  yield {
    in: 'header',
    at: name,
    recorded: recorded === '' ? null : shortened(recorded),
    received: received === '' ? null : shortened(received),
    fix: { ignore: `header:${name}` },
  };
}

interface Candidate {
  readonly recording: Recording;
  readonly group: Group;
}

function nearMiss(
  asked: Asked,
  bucket: Bucket,
  candidate: Candidate,
  isNew: ReadonlySet<string>,
): NearMiss {
  const differs: Difference[] = [];
  let more = 0;
  for (const difference of differences(asked, bucket, candidate)) {
    const { fix } = difference;
    // What is new each time is not why a recording does not answer.
    if (fix !== null && 'ignore' in fix && isNew.has(fix.ignore)) continue;
    if (differs.length < MAX_SHOWN) differs.push(difference);
    else more += 1;
    if (more === MAX_COUNTED) break;
  }
  return { ...candidate, differs, more };
}

/** The first recording of each group, and of each variant of it by header fields. */
function candidatesIn(bucket: Bucket): Candidate[] {
  return bucket.shelves
    .flatMap((shelf) => shelf.groups().slice(0, MAX_BODIES))
    .flatMap((group) => group.variants())
    .flatMap((group) => {
      const [recording] = group.sequence;
      return recording === undefined ? [] : [{ recording, group }];
    });
}

function nearestIn(asked: Asked, found: readonly Bucket[], catalogue: Catalogue): NearMiss[] {
  const buckets: Ranked<Bucket>[] = [];
  for (const bucket of found) {
    keepNearest(buckets, { distance: bucketDistance(asked, bucket), item: bucket });
  }
  const misses: Ranked<NearMiss>[] = [];
  for (const { distance, item: bucket } of buckets) {
    for (const candidate of candidatesIn(bucket)) {
      const isNew = catalogue.newInBoth(candidate.recording, asked.call);
      const miss = nearMiss(asked, bucket, candidate, isNew);
      // Between buckets the distance decides, within one the number of differences.
      const fine = (miss.differs.length + miss.more) / (MAX_SHOWN + MAX_COUNTED + 1);
      keepNearest(misses, { distance: distance + fine, item: miss });
    }
  }
  return misses.map(({ item }) => item);
}

/** The three recordings nearest to a call that none answers, the nearest first. */
export function nearestRecordings(call: Call, catalogue: Catalogue): NearMiss[] {
  const asked = askedOf(call, catalogue.secrets);
  return nearestIn(asked, nearBuckets(asked, catalogue), catalogue);
}

/** The nearest recording of the endpoint that a call looks like. */
export function nearestOfEndpoint(call: Call, catalogue: Catalogue): NearMiss | undefined {
  const asked = askedOf(call, catalogue.secrets);
  const buckets = catalogue.bucketsLike(asked.path).filter(({ method }) => method === call.method);
  const near = nearestIn(asked, buckets.slice(0, MAX_BUCKETS), catalogue);
  // Another host is another endpoint.
  return near.find(({ differs }) => differs.every((difference) => difference.in !== 'host'));
}
