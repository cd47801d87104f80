import type { HeaderLine } from '@calltape/store';
import { AskedCall } from '../asked-call.ts';
import type { Call } from '../call.ts';
import { METHOD_DISTANCE, nearest, PATH_DISTANCE } from '../described.ts';
import type {
  Described,
  DescribedPattern,
  Description,
  NearPattern,
  DescriptionOptions,
} from '../described.ts';
import { describedPlan, describedWait } from '../described-plan.ts';
import { GivenCounts } from '../given-counts.ts';
import { randomAt, seedOf } from '../random.ts';
import type { Random } from '../random.ts';
import { nextInSequence } from '../sequence.ts';
import type { SharedCounts } from '../shared-counts.ts';
import type { Plan } from '../step.ts';
import type { Media } from './media.ts';
import { placeFor } from './operation.ts';
import type { Operation, Place } from './operation.ts';

const NO_BYTES = new Uint8Array(0);

/** Whether a client takes a type. Without a field `accept` it takes all (RFC 9110 section 12.5.1). */
function accepts(accepted: readonly string[], type: string): boolean {
  const plain = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return accepted.some((range) => {
    const [main = '', sub = ''] = range.split('/');
    return range === '*/*' || range === plain || (sub === '*' && plain.startsWith(`${main}/`));
  });
}

function mediaFor(asked: AskedCall, media: readonly Media[]): Media | undefined {
  const accepted = asked
    .headers('accept')
    .flatMap((line) => line.split(','))
    .map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  return media.find(({ type }) => accepts(accepted, type)) ?? media[0];
}

function shapeOf(method: string, segments: number): string {
  return `${method} ${segments}`;
}

function orderOf({ places }: Operation): string {
  return places[0]?.path.order ?? '';
}

/** The operations of an API. */
export class Operations implements Description {
  readonly patterns: readonly DescribedPattern[];
  /** Those whose paths say more come first. */
  readonly #operations: readonly Operation[];
  /** The same by method and number of segments. */
  readonly #byShape = new Map<string, Operation[]>();
  readonly #options: DescriptionOptions;
  readonly #given = new GivenCounts();
  readonly lock = null;

  constructor(operations: readonly Operation[], options: DescriptionOptions) {
    this.#operations = operations.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    this.#options = options;
    for (const operation of this.#operations) this.#index(operation);
    this.patterns = operations.map(({ pattern }) => pattern);
  }

  share(counts: SharedCounts, at: number): void {
    this.#given.share(counts, at, this.patterns);
  }

  find(call: Call): Described | undefined {
    const asked = new AskedCall(call);
    const shape = shapeOf(call.method, asked.path.split('/').length);
    for (const operation of this.#byShape.get(shape) ?? []) {
      const place = placeFor(operation, asked);
      if (place === undefined || !operation.query.every((name) => asked.query.has(name))) continue;
      return this.#answer(operation, place, asked);
    }
    return undefined;
  }

  near(call: Call): readonly NearPattern[] {
    const asked = new AskedCall(call);
    return nearest(this.#operations.map((operation) => this.#distance(operation, asked)));
  }

  reset(): void {
    this.#given.reset(this.patterns);
  }

  #index(operation: Operation): void {
    const { pattern, places } = operation;
    for (const segments of new Set(places.map(({ path }) => path.segments))) {
      const shape = shapeOf(pattern.method, segments);
      const known = this.#byShape.get(shape);
      if (known === undefined) this.#byShape.set(shape, [operation]);
      else known.push(operation);
    }
  }

  #answer(operation: Operation, { server }: Place, asked: AskedCall): Described {
    return {
      pattern: operation.pattern,
      plan: () => this.plan(operation, asked),
      origin: server.origin,
      given: () => this.#given.add(operation.pattern),
    };
  }

  /** The answer to the next call of an operation. */
  plan(operation: Operation, asked: AskedCall): Plan {
    const { pattern, status, statusText } = operation;
    const given = this.#given.of(pattern);
    const { seed, latency } = this.#options;
    const random = randomAt(seedOf([seed, pattern.method, pattern.url]), given + 1);
    const media = mediaFor(asked, operation.media);
    const type: HeaderLine[] = media === undefined ? [] : [['Content-Type', media.type]];
    const headers = [...type, ...operation.headers(random)];
    const body = media === undefined ? NO_BYTES : this.#content(media, given, random);
    return [
      ...describedWait(0, latency),
      ...describedPlan(pattern.method, { status, statusText, headers, body }),
    ];
  }

  /** The examples in their order, as equal recordings are played; else what the schema gives. */
  #content({ examples, drawn }: Media, given: number, random: Random): Uint8Array {
    const repeat = this.#options.repeat === 'cycle' ? 'cycle' : 'last';
    const example = examples[nextInSequence(examples.length, given, repeat) ?? 0];
    return example ?? drawn(random);
  }

  #distance(operation: Operation, asked: AskedCall): NearPattern {
    const { pattern, places, query } = operation;
    const differs: string[] = [];
    const missing = query.filter((name) => !asked.query.has(name));
    const far = Math.min(...places.map(({ path }) => path.distance(asked.path)));
    let distance = far * PATH_DISTANCE + missing.length;
    if (pattern.method !== asked.call.method) {
      distance += METHOD_DISTANCE;
      differs.push('method does not fit');
    }
    if (far > 0) differs.push('path does not fit');
    else if (placeFor(operation, asked) === undefined) {
      distance += METHOD_DISTANCE;
      differs.push('host does not fit');
    }
    differs.push(...missing.map((name) => `query parameter ${name} is missing`));
    return { pattern, distance, differs };
  }
}
