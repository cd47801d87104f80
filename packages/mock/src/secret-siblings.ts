import { meaningKey, meaningOf } from './body-meaning.ts';
import type { Content } from './body-meaning.ts';
import type { Bucket } from './bucket.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import { comparedMeaning } from './comparable.ts';
import type { Matching } from './matching.ts';
import { recordedContent } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';

/** So many are looked through one after the other; more are worth an index. */
const FEW = 4;

/** The buckets whose targets are the same apart from the secrets in them. */
export class SecretSiblings {
  readonly buckets: Bucket[] = [];
  readonly #secrets: SecretPlaces;
  #byBody: ReadonlyMap<string, readonly Bucket[]> | null = null;

  constructor(secrets: SecretPlaces) {
    this.#secrets = secrets;
  }

  /** Those that may have a call's body, in the order in which they were recorded. */
  for(call: Call): readonly Bucket[] {
    const [first] = this.buckets;
    if (first === undefined || this.buckets.length <= FEW) return this.buckets;
    this.#byBody ??= this.#index();
    return this.#byBody.get(this.#keyOf(contentOf(call), first.matching)) ?? [];
  }

  #index(): ReadonlyMap<string, readonly Bucket[]> {
    const index = new Map<string, Bucket[]>();
    for (const bucket of this.buckets) {
      for (const key of this.#keysOf(bucket)) {
        const others = index.get(key);
        if (others === undefined) index.set(key, [bucket]);
        else others.push(bucket);
      }
    }
    return index;
  }

  #keysOf({ shelves, matching }: Bucket): Set<string> {
    const groups = shelves.flatMap((shelf) => shelf.groups());
    const first = groups.flatMap(({ recordings }) => recordings[0] ?? []);
    return new Set(first.map((recording) => this.#keyOf(recordedContent(recording), matching)));
  }

  #keyOf(content: Content, matching: Matching): string {
    if (content.size === 0 || !matching.parts.has('body')) return '';
    return meaningKey(comparedMeaning(meaningOf(this.#secrets.content(content)), matching));
  }
}
