import { pathTemplate } from '@calltape/store';
import { findIn, shelfOf } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import { comparedQuery } from './comparable.ts';
import type { Group } from './group.ts';
import { LearnedRequests } from './learned-requests.ts';
import type { Learned } from './learned-requests.ts';
import { comparedPath } from './matching.ts';
import type { MatchingRules } from './matching.ts';
import { canonicalPairs } from './pairs.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { SecretSiblings } from './secret-siblings.ts';
import { splitTarget } from './target.ts';

/**
 * All recordings, found by what takes part in matching. A lookup is a few Map look-ups, whatever the
 * number of recordings.
 */
export class Catalogue {
  readonly secrets: SecretPlaces;
  readonly rules: MatchingRules;
  readonly #learned: LearnedRequests;
  /** By method, and then by targets as they were recorded and in the form of {@link #keyOf}. */
  readonly #targets = new Map<string, Map<string, Bucket>>();
  readonly #buckets: Bucket[] = [];
  readonly #recordings: Recording[] = [];
  readonly #hosts = new Set<string>();
  /** Buckets with placeholders in their targets, by what is left without those. */
  readonly #redacted = new Map<string, SecretSiblings>();
  readonly #firstOfEndpoint = new Map<string, Recording>();
  /** The buckets by paths without ids; null before a request missed. */
  #alike: Map<string, Bucket[]> | null = null;

  constructor(secrets: SecretPlaces, rules: MatchingRules) {
    this.secrets = secrets;
    this.rules = rules;
    this.#learned = new LearnedRequests(this.#recordings, secrets, rules);
  }

  add(recording: Recording): void {
    const { method } = recording;
    const bucket = this.#bucketFor(method, recording.target);
    shelfOf(bucket, recording.host, this.secrets).add(recording);
    this.#targetsOf(method).set(recording.target, bucket);
    this.#recordings.push(recording);
    this.#hosts.add(recording.host);
    const template = pathTemplate(splitTarget(recording.target).path);
    const endpoint = JSON.stringify([method, template]);
    if (!this.#firstOfEndpoint.has(endpoint)) this.#firstOfEndpoint.set(endpoint, recording);
  }

  get recordings(): readonly Recording[] {
    return this.#recordings;
  }

  /** Every host that recordings came from. */
  get hosts(): ReadonlySet<string> {
    return this.#hosts;
  }

  buckets(): Iterable<Bucket> {
    return this.#buckets;
  }

  /** The buckets whose paths differ from this one in nothing but what looks like ids. */
  bucketsLike(path: string): readonly Bucket[] {
    this.#alike ??= Map.groupBy(this.#buckets, (bucket) => withoutIds(bucket.path));
    return this.#alike.get(withoutIds(path)) ?? [];
  }

  /** The recordings that answer a call: as it is, or else apart from what is new each time. */
  find(call: Call): Group | undefined {
    const bucket = this.#bucketOf(call);
    const buckets = bucket === undefined ? this.#withPlaceholders(call) : [bucket];
    for (const candidate of buckets) {
      const group = findIn(candidate, call);
      if (group !== undefined) return group;
    }
    return this.#learned.find(call);
  }

  /** Whether the nearest recording of its endpoint may answer a call. */
  isLenient({ method, target }: Call): boolean {
    return this.rules.for(method, splitTarget(target).path).lenient;
  }

  /** The places at which a call has a new value as a recorded request has one. */
  newInBoth(recording: Recording, call: Call): ReadonlySet<string> {
    return this.#learned.newInBoth(recording, call);
  }

  /** All that was learned so far to be new each time. */
  learned(): readonly Learned[] {
    return this.#learned.all();
  }

  /** A recording of the endpoint that a call looks like, whether one answers the call or not. */
  ofSameEndpoint(call: Call): Recording | undefined {
    const template = pathTemplate(splitTarget(call.target).path);
    return this.#firstOfEndpoint.get(JSON.stringify([call.method, template]));
  }

  /** The recordings that have the call's method, path and query, whatever their bodies. */
  #bucketOf(call: Call): Bucket | undefined {
    // A target spelt as it was recorded, the usual case, needs no query parsing.
    const targets = this.#targets.get(call.method);
    return targets?.get(call.target) ?? targets?.get(this.#keyOf(call.method, call.target));
  }

  #bucketFor(method: string, target: string): Bucket {
    const key = this.#keyOf(method, target);
    const targets = this.#targetsOf(method);
    const known = targets.get(key);
    if (known !== undefined) return known;
    const plain = this.secrets.target(target);
    const matching = this.rules.for(method, splitTarget(target).path);
    const bucket = { method, matching, ...splitTarget(plain), shelves: [] };
    targets.set(key, bucket);
    this.#buckets.push(bucket);
    if (plain !== target) this.#noteRedacted(bucket, `${method} ${this.#keyOf(method, plain)}`);
    return bucket;
  }

  #noteRedacted(bucket: Bucket, key: string): void {
    const siblings = this.#redacted.get(key) ?? new SecretSiblings(this.secrets);
    this.#redacted.set(key, siblings);
    siblings.buckets.push(bucket);
  }

  /**
   * Buckets that may answer a call with secrets in its target: the one with these secrets, or else
   * those that have placeholders in their place.
   */
  #withPlaceholders(call: Call): readonly Bucket[] {
    if (this.#redacted.size === 0) return [];
    const plain = this.secrets.target(call.target);
    const siblings = this.#redacted.get(`${call.method} ${this.#keyOf(call.method, plain)}`);
    if (siblings === undefined) return [];
    if (siblings.buckets.length < 2) return siblings.buckets;
    const redacted = this.secrets.targetRedacted(call.target);
    const same = redacted === undefined ? undefined : this.#keyOf(call.method, redacted);
    const bucket = same === undefined ? undefined : this.#targets.get(call.method)?.get(same);
    return bucket === undefined ? siblings.for(call) : [bucket];
  }

  #targetsOf(method: string): Map<string, Bucket> {
    const known = this.#targets.get(method);
    if (known !== undefined) return known;
    const targets = new Map<string, Bucket>();
    this.#targets.set(method, targets);
    return targets;
  }

  /** What all targets of a method have in common that a bucket is for: most often just the path. */
  #keyOf(method: string, target: string): string {
    const { path, query } = splitTarget(target);
    const matching = this.rules.for(method, path);
    const pairs = canonicalPairs(comparedQuery(query, matching));
    if (pairs.length === 0 && matching.paths.length === 0) return path;
    return JSON.stringify([matching.id, comparedPath(path, matching), pairs]);
  }
}

/** A digit makes an id likely, a version aside; a name without one is another endpoint's. */
function withoutIds(path: string): string {
  return path
    .split('/')
    .map((segment) => (/\d/.test(segment) && !/^v\d+(?:\.\d+)*$/i.test(segment) ? '*' : segment))
    .join('/');
}
