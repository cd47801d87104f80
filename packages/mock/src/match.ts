import { pathTemplate } from '@calltape/store';
import { BodyIndex } from './body-index.ts';
import type { Group } from './body-index.ts';
import { hostOf } from './call.ts';
import type { Call } from './call.ts';
import { canonicalPairs, queryPairs } from './pairs.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { splitTarget } from './target.ts';

/** The recordings of one method, path and query that came from one host. */
export interface Shelf {
  readonly host: string;
  readonly bodies: BodyIndex;
}

/** The recordings of one method, path and query, hosts in the order of their first mention. */
export interface Bucket {
  readonly method: string;
  /** Secrets left out. */
  readonly path: string;
  /** Secrets left out. */
  readonly query: string;
  readonly shelves: Shelf[];
}

function shelfOf(bucket: Bucket, host: string, secrets: SecretPlaces): Shelf {
  const known = bucket.shelves.find((shelf) => shelf.host === host);
  if (known !== undefined) return known;
  const shelf = { host, bodies: new BodyIndex(secrets) };
  bucket.shelves.push(shelf);
  return shelf;
}

/** The shelves with the one of the asked host in front; the others keep their order. */
function byPreference(shelves: readonly Shelf[], host: string): readonly Shelf[] {
  const preferred = shelves.find((shelf) => shelf.host === host);
  if (preferred === undefined) return shelves;
  return [preferred, ...shelves.filter((shelf) => shelf !== preferred)];
}

function findIn({ shelves }: Bucket, call: Call): Group | undefined {
  const [only, second] = shelves;
  if (second === undefined) return only?.bodies.find(call);
  for (const shelf of byPreference(shelves, hostOf(call))) {
    const group = shelf.bodies.find(call);
    if (group !== undefined) return group;
  }
  return undefined;
}

/**
 * All recordings, found by method, path, query and body; headers take no part. A lookup is a few
 * Map look-ups, whatever the number of recordings.
 */
export class Catalogue {
  readonly secrets: SecretPlaces;
  readonly #targets = new Map<string, Map<string, Bucket>>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #recordings: Recording[] = [];
  readonly #hosts = new Set<string>();
  /** Buckets with placeholders in their targets, by what is left without those. */
  readonly #redacted = new Map<string, Bucket[]>();
  readonly #firstOfEndpoint = new Map<string, Recording>();

  constructor(secrets: SecretPlaces) {
    this.secrets = secrets;
  }

  add(recording: Recording): void {
    const { method } = recording.exchange.request;
    const bucket = this.#bucketFor(method, recording.target);
    shelfOf(bucket, recording.host, this.secrets).bodies.add(recording);
    this.#targetsOf(method).set(recording.target, bucket);
    this.#recordings.push(recording);
    this.#hosts.add(recording.host);
    const endpoint = JSON.stringify([method, recording.exchange.endpoint.template]);
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
    return this.#buckets.values();
  }

  /** The recordings that answer a call: of the asked host if there are any, else of any host. */
  find(call: Call): Group | undefined {
    const bucket = this.#bucketOf(call);
    if (bucket !== undefined) return findIn(bucket, call);
    for (const candidate of this.#withPlaceholders(call)) {
      const group = findIn(candidate, call);
      if (group !== undefined) return group;
    }
    return undefined;
  }

  /** A recording of the endpoint that a call looks like, whether one answers the call or not. */
  ofSameEndpoint(call: Call): Recording | undefined {
    const template = pathTemplate(splitTarget(call.target).path);
    return this.#firstOfEndpoint.get(JSON.stringify([call.method, template]));
  }

  /** The recordings that have the call's method, path and query, whatever their bodies. */
  #bucketOf(call: Call): Bucket | undefined {
    // A target spelt as it was recorded, the usual case, needs no query parsing.
    const exact = this.#targets.get(call.method)?.get(call.target);
    return exact ?? this.#buckets.get(bucketKey(call.method, call.target));
  }

  #bucketFor(method: string, target: string): Bucket {
    const key = bucketKey(method, target);
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const plain = this.secrets.target(target);
    const bucket = { method, ...splitTarget(plain), shelves: [] };
    this.#buckets.set(key, bucket);
    if (plain !== target) this.#noteRedacted(bucket, bucketKey(method, plain));
    return bucket;
  }

  #noteRedacted(bucket: Bucket, key: string): void {
    const others = this.#redacted.get(key);
    if (others === undefined) this.#redacted.set(key, [bucket]);
    else others.push(bucket);
  }

  /**
   * Buckets that may answer a call with secrets in its target: the one with these secrets, or else
   * all that have placeholders in their place.
   */
  #withPlaceholders(call: Call): readonly Bucket[] {
    if (this.#redacted.size === 0) return [];
    const plain = this.secrets.target(call.target);
    const candidates = this.#redacted.get(bucketKey(call.method, plain)) ?? [];
    if (candidates.length < 2) return candidates;
    const redacted = this.secrets.targetRedacted(call.target);
    const same = redacted === undefined ? undefined : bucketKey(call.method, redacted);
    const bucket = same === undefined ? undefined : this.#buckets.get(same);
    return bucket === undefined ? candidates : [bucket];
  }

  #targetsOf(method: string): Map<string, Bucket> {
    const known = this.#targets.get(method);
    if (known !== undefined) return known;
    const targets = new Map<string, Bucket>();
    this.#targets.set(method, targets);
    return targets;
  }
}

function bucketKey(method: string, target: string): string {
  const { path, query } = splitTarget(target);
  return JSON.stringify([method, path, canonicalPairs(queryPairs(query))]);
}
