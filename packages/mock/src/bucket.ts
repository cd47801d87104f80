import { BodyIndex } from './body-index.ts';
import { byHost } from './by-host.ts';
import type { Call } from './call.ts';
import type { Group } from './group.ts';
import type { Matching } from './matching.ts';
import type { SecretPlaces } from './secret-places.ts';

/** The recordings of one method, path and query, hosts in the order of their first mention. */
export interface Bucket {
  readonly method: string;
  readonly matching: Matching;
  /** Secrets left out. */
  readonly path: string;
  /** Secrets left out. */
  readonly query: string;
  shelves: readonly BodyIndex[];
}

/** The shelf of a host, which is put up where there is none. */
export function shelfOf(bucket: Bucket, host: string, secrets: SecretPlaces): BodyIndex {
  const known = bucket.shelves.find((shelf) => shelf.host === host);
  if (known !== undefined) return known;
  const shelf = new BodyIndex(host, secrets, bucket.matching);
  // A list made whole takes less than one that may grow, and most stay as they are.
  bucket.shelves = [...bucket.shelves, shelf];
  return shelf;
}

/** The recordings in a bucket that answer a call. */
export function findIn({ shelves, matching }: Bucket, call: Call): Group | undefined {
  for (const shelf of byHost(shelves, call, matching)) {
    const group = shelf.find(call);
    if (group !== undefined) return group;
  }
  return undefined;
}
