import { parseDuration } from './duration.ts';

/** Where a rule stands with an endpoint when a request comes. */
export interface Occasion {
  /** This is the n-th request of the endpoint that the rule is about; the first is 1. */
  readonly n: number;
  /** How many of those before it the rule has altered. */
  readonly fired: number;
  /** A number from 0 up to 1 that belongs to this occasion. */
  readonly draw: number;
  /** Milliseconds since the rule came into force. */
  readonly ageMs: number;
  /** Milliseconds since the rule altered its first answer of the endpoint; 0 before it did. */
  readonly lastingMs: number;
}

/** When a rule applies. */
export type Condition = (occasion: Occasion) => boolean;

export interface ConditionKey {
  /** The right spelling, for error messages. */
  readonly usage: string;
  /** Reads the value; undefined when it is wrong. */
  readonly parse: (value: string) => Condition | undefined;
}

function counting(
  usage: string,
  least: number,
  holds: (occasion: Occasion, count: number) => boolean,
): ConditionKey {
  return {
    usage,
    parse: (value) => {
      const count = /^\d{1,9}$/.test(value) ? Number(value) : -1;
      return count < least ? undefined : (occasion) => holds(occasion, count);
    },
  };
}

const probability: ConditionKey = {
  usage: 'a probability from 0 to 1: p=0.3',
  parse: (value) => {
    const p = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
    if (p === 0) return () => false;
    return p <= 1 ? ({ draw }) => draw < p : undefined;
  },
};

const between: ConditionKey = {
  usage: 'two times since the start, the earlier first: between=30s..60s',
  parse: (value) => {
    const [from = '', to = '', ...rest] = value.split('..');
    const fromMs = parseDuration(from);
    const toMs = parseDuration(to);
    if (fromMs === undefined || toMs === undefined || rest.length > 0) return undefined;
    return fromMs < toMs ? ({ ageMs }) => ageMs >= fromMs && ageMs < toMs : undefined;
  },
};

const lasting: ConditionKey = {
  usage: 'a length of time: for=10s',
  parse: (value) => {
    const ms = parseDuration(value);
    return ms === undefined ? undefined : ({ lastingMs }) => lastingMs < ms;
  },
};

/**
 * The keys that say when a rule applies, each counted for every endpoint by itself. A rule with
 * several applies when all of them hold. To add one, add it here and to docs/faults.md.
 */
export const CONDITIONS: ReadonlyMap<string, ConditionKey> = new Map([
  ['p', probability],
  ['first', counting('a number of requests: first=2', 0, ({ n }, count) => n <= count)],
  ['after', counting('a number of requests: after=10', 0, ({ n }, count) => n > count)],
  ['every', counting('a number of requests: every=3', 1, ({ n }, count) => n % count === 0)],
  ['between', between],
  ['for', lasting],
  ['times', counting('a number of faults: times=5', 0, ({ fired }, count) => fired < count)],
]);
