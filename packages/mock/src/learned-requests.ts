import { hash } from 'node:crypto';
import { meaningOf } from './body-meaning.ts';
import type { Content } from './body-meaning.ts';
import { byHost } from './by-host.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import { comparedMeaning, comparedQuery } from './comparable.ts';
import { featuresOf, pathShape } from './features.ts';
import type { Features } from './features.ts';
import { Group } from './group.ts';
import { comparedPath } from './matching.ts';
import type { Matching, MatchingRules } from './matching.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { splitTarget } from './target.ts';
import { UuidOrigins } from './uuid-origins.ts';
import { learnVolatile, newInBoth, remainder } from './volatile.ts';
import type { Sample, Volatile } from './volatile.ts';

/** What was learned of some requests: the places in them whose values are new each time. */
export interface Learned {
  readonly method: string;
  /** `*` stands for ids of the client's. */
  readonly path: string;
  /** As `--ignore` names them. */
  readonly places: readonly string[];
}

interface HostGroup {
  readonly host: string;
  readonly group: Group;
}

/** Requests that have values at the same places. */
interface Kind {
  readonly volatile: Volatile;
  /** By what is left of them apart from those that are new each time. */
  readonly index: ReadonlyMap<string, HostGroup[]>;
}

/** Requests of one method and path, apart from ids in it that clients may have made up. */
interface Family {
  readonly method: string;
  readonly path: string;
  readonly matching: Matching;
  readonly recordings: Recording[];
  /** By the places that have values; null until a request needs it. */
  kinds: ReadonlyMap<string, Kind> | null;
}

const NOTHING: ReadonlySet<string> = new Set();

function placesKey(features: Features): string {
  return JSON.stringify([...features.keys()].toSorted());
}

function remainderKey(features: Features, volatile: Volatile): string {
  return hash('sha256', remainder(features, volatile), 'base64');
}

/**
 * The recordings by what is left of their requests without the values that are new each time.
 * Nothing is read before a request comes that is not on the tape as it is, and then the recordings
 * of that method and path, once: from there on a lookup costs the same however many there are.
 */
export class LearnedRequests {
  readonly #recordings: readonly Recording[];
  readonly #secrets: SecretPlaces;
  readonly #rules: MatchingRules;
  readonly #origins: UuidOrigins;
  #families: ReadonlyMap<string, Family> | null = null;

  constructor(recordings: readonly Recording[], secrets: SecretPlaces, rules: MatchingRules) {
    this.#recordings = recordings;
    this.#secrets = secrets;
    this.#rules = rules;
    this.#origins = new UuidOrigins(recordings);
  }

  find(call: Call): Group | undefined {
    const family = this.#familyOf(call.method, call.target);
    if (family === undefined) return undefined;
    const features = this.#featuresOf(call.target, contentOf(call), family.matching);
    const kind = features === undefined ? undefined : this.#kinds(family).get(placesKey(features));
    if (features === undefined || kind === undefined || kind.volatile.size === 0) return undefined;
    const groups = kind.index.get(remainderKey(features, kind.volatile)) ?? [];
    for (const { group } of byHost(groups, call, family.matching)) {
      const variant = group.variantFor(call);
      if (variant !== undefined) return variant;
    }
    return undefined;
  }

  /** The places at which a call has a new value as a recorded request has one. */
  newInBoth(recording: Recording, call: Call): ReadonlySet<string> {
    const family = this.#familyOf(recording.method, recording.target);
    if (family === undefined) return NOTHING;
    const recorded = this.#featuresOfRecorded(recording, family.matching);
    const received = this.#featuresOf(call.target, contentOf(call), family.matching);
    if (recorded === undefined || received === undefined) return NOTHING;
    const kind = this.#kinds(family).get(placesKey(recorded));
    return kind === undefined ? NOTHING : newInBoth(kind.volatile, recorded, received);
  }

  all(): Learned[] {
    const families = [...(this.#families?.values() ?? [])];
    return families.flatMap(({ method, path, kinds }) => {
      const volatile = [...(kinds?.values() ?? [])].flatMap((kind) => [...kind.volatile.keys()]);
      const places = volatile.map((place) => (place.startsWith('path:') ? `path:${path}` : place));
      return places.length === 0 ? [] : [{ method, path, places: [...new Set(places)] }];
    });
  }

  #familyOf(method: string, target: string): Family | undefined {
    const { path } = splitTarget(this.#secrets.target(target));
    const matching = this.#rules.for(method, splitTarget(target).path);
    if (!matching.parts.has('learned')) return undefined;
    this.#families ??= this.#readFamilies();
    return this.#families.get(familyKey(method, path, matching));
  }

  #readFamilies(): ReadonlyMap<string, Family> {
    const families = new Map<string, Family>();
    for (const recording of this.#recordings) {
      const { method } = recording;
      const { path } = splitTarget(this.#secrets.target(recording.target));
      const matching = this.#rules.for(method, splitTarget(recording.target).path);
      const key = familyKey(method, path, matching);
      const family = families.get(key);
      if (family !== undefined) family.recordings.push(recording);
      else {
        const shape = pathShape(comparedPath(path, matching));
        families.set(key, { method, path: shape, matching, recordings: [recording], kinds: null });
      }
    }
    return families;
  }

  #kinds(family: Family): ReadonlyMap<string, Kind> {
    family.kinds ??= this.#learn(family);
    return family.kinds;
  }

  #learn({ recordings, matching }: Family): ReadonlyMap<string, Kind> {
    const samples = recordings.flatMap((recording): Sample[] => {
      const features = this.#featuresOfRecorded(recording, matching);
      return features === undefined ? [] : [{ recording, features }];
    });
    const byPlaces = Map.groupBy(samples, ({ features }) => placesKey(features));
    return new Map(
      [...byPlaces].map(([places, same]) => [places, kindOf(same, matching, this.#origins)]),
    );
  }

  #featuresOfRecorded(recording: Recording, matching: Matching): Features | undefined {
    const content = recordedContent(recording);
    if (content.bytes.length < content.size) return undefined;
    return this.#featuresOf(recording.target, content, matching);
  }

  #featuresOf(wholeTarget: string, content: Content, matching: Matching): Features | undefined {
    const { path, query } = splitTarget(this.#secrets.target(wholeTarget));
    const body = matching.parts.has('body')
      ? comparedMeaning(meaningOf(this.#secrets.content(content)), matching)
      : null;
    return featuresOf(comparedPath(path, matching), comparedQuery(query, matching), body);
  }
}

function familyKey(method: string, path: string, matching: Matching): string {
  return JSON.stringify([matching.id, method, pathShape(comparedPath(path, matching))]);
}

function kindOf(samples: readonly Sample[], matching: Matching, origins: UuidOrigins): Kind {
  const volatile = learnVolatile(samples, origins);
  const index = new Map<string, HostGroup[]>();
  if (volatile.size === 0) return { volatile, index };
  for (const { recording, features } of samples) {
    const key = remainderKey(features, volatile);
    const groups = index.get(key) ?? [];
    index.set(key, groups);
    const { host } = recording;
    const known = groups.find((one) => one.host === host)?.group;
    if (known !== undefined) known.recordings.push(recording);
    else groups.push({ host, group: new Group(matching, [recording], 'learned') });
  }
  return { volatile, index };
}
