import type { Meaning } from './body-meaning.ts';
import { meaningKey } from './body-meaning.ts';
import { canonicalJson, ExactNumber } from './exact-json.ts';
import { partField } from './multipart.ts';
import type { Pair } from './pairs.ts';
import { plainName, shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

/** One value of a request. */
export interface Feature {
  readonly name: string;
  readonly text: string;
  /** What it looks like where it may be new for each request; null where it is compared always. */
  readonly shape: Shape | null;
  /** As it is compared; tells a number from the same digits as text. */
  readonly exact: string;
}

/** The values of a request by their places, named as `--ignore` names them. */
export type Features = ReadonlyMap<string, Feature>;

/** Requests with more values than this are not learned from. */
const MAX_FEATURES = 2_000;

const UUID_SEGMENT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A path with the segments that may be a client's own ids left out. */
export function pathShape(path: string): string {
  if (!path.includes('-')) return path;
  const segments = path.split('/');
  return segments.map((segment) => (UUID_SEGMENT.test(segment) ? '*' : segment)).join('/');
}

function fixed(exact: string): Feature {
  return { name: '', text: '', shape: null, exact };
}

function featureOf(name: string, text: string, exact: string): Feature {
  const plain = plainName(name);
  return { name: plain, text, shape: shapeOf({ name: plain, text }), exact };
}

class Collector {
  readonly features = new Map<string, Feature>();

  get full(): boolean {
    return this.features.size > MAX_FEATURES;
  }

  path(path: string): void {
    if (!path.includes('-')) return;
    for (const [at, segment] of path.split('/').entries()) {
      if (!UUID_SEGMENT.test(segment)) continue;
      this.features.set(`path:${at}`, { name: '', text: segment, shape: 'uuid', exact: segment });
    }
  }

  pairs(where: 'query' | 'form', pairs: readonly Pair[]): void {
    for (const [name, value] of pairs) {
      let place = `${where}:${name}`;
      // A name given twice is compared as it is.
      for (let n = 2; this.features.has(place); n += 1) place = `${where}:${name}:${n}`;
      this.features.set(place, featureOf(name, value, value));
    }
  }

  json(value: unknown, pointer: string, name: string): void {
    if (this.full) return;
    const children = childrenOf(value);
    if (children !== undefined && children.length > 0) {
      // An array is no object whose members are called 0 and 1.
      if (Array.isArray(value)) this.features.set(`array:${pointer}`, fixed(''));
      for (const [key, child] of children) {
        const token = key.replaceAll('~', '~0').replaceAll('/', '~1');
        this.json(child, `${pointer}/${token}`, Array.isArray(value) ? name : key);
      }
      return;
    }
    const exact = canonicalJson(value);
    const text = value instanceof ExactNumber ? value.text : value;
    const feature = typeof text === 'string' ? featureOf(name, text, exact) : fixed(exact);
    this.features.set(`json:${pointer}`, feature);
  }

  parts(parts: readonly string[]): void {
    for (const [at, part] of parts.entries()) {
      const field = partField(part);
      if (field === undefined) {
        this.features.set(`part:${at}`, fixed(part));
        continue;
      }
      this.features.set(`part:${at}`, fixed(field.head));
      this.pairs('form', [[field.name, field.value]]);
    }
  }
}

function childrenOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return undefined;
  return Object.entries(value);
}

/** A request taken apart; undefined where it has too many values. */
export function featuresOf(
  path: string,
  query: readonly Pair[],
  body: Meaning | null,
): Features | undefined {
  const collector = new Collector();
  collector.path(path);
  collector.pairs('query', query);
  if (body?.kind === 'json') collector.json(body.value, '', '');
  else if (body?.kind === 'form') collector.pairs('form', body.pairs);
  else if (body?.kind === 'multipart') collector.parts(body.parts);
  else if (body !== null && body.bytes.length > 0) {
    collector.features.set('body', fixed(meaningKey(body)));
  }
  return collector.full ? undefined : collector.features;
}
