import type { AnswerProfile } from './answer-profile.ts';
import { decodeSegment } from './path-tokens.ts';
import type { PathToken } from './path-tokens.ts';
import type { TemplateStep } from './template-text.ts';

/** Answers looked at for one method of a path. */
export const MOST_SAMPLES = 4;
const MOST_EXAMPLES = 5;
const MOST_PATHS = 1000;
const MOST_OPERATIONS = 2000;

/** The calls of one method at one place. */
export class PathCalls {
  calls = 0;
  /** Those that were neither refused nor failed. */
  good = 0;
  samples = 0;
  lists = 0;
  /** Hashes of the key paths of the JSON answers. */
  readonly paths: Set<number> = new Set();
  readonly kinds: Set<string> = new Set();
  /** A few of the URLs' paths; the first in order, so that the order of calls makes no difference. */
  examples: string[] = [];
  /** Calls by operation, where these are told by what is in the request. */
  readonly operations: Map<string, number> = new Map();

  count(path: string, status: number | null): void {
    this.calls += 1;
    if (status !== null && status < 400) this.good += 1;
    this.#example(path);
  }

  /** Past a bound, calls of further operations count for the path alone. */
  countOperation(name: string): void {
    const { operations } = this;
    const known = operations.get(name) ?? 0;
    if (known > 0 || operations.size < MOST_OPERATIONS) operations.set(name, known + 1);
  }

  add(profile: AnswerProfile): void {
    this.samples += 1;
    if (profile.isList) this.lists += 1;
    for (const path of profile.paths) if (this.paths.size < MOST_PATHS) this.paths.add(path);
    for (const kind of profile.kinds) this.kinds.add(kind);
  }

  merge(other: PathCalls): void {
    this.calls += other.calls;
    this.good += other.good;
    this.samples += other.samples;
    this.lists += other.lists;
    for (const path of other.paths) if (this.paths.size < MOST_PATHS) this.paths.add(path);
    for (const kind of other.kinds) this.kinds.add(kind);
    for (const [name, calls] of other.operations) {
      this.operations.set(name, (this.operations.get(name) ?? 0) + calls);
    }
    for (const example of other.examples) this.#example(example);
  }

  #example(path: string): void {
    const last = this.examples.at(-1);
    const isFull = this.examples.length >= MOST_EXAMPLES;
    if (this.examples.includes(path) || (isFull && last !== undefined && path > last)) return;
    this.examples = [...this.examples, path].toSorted().slice(0, MOST_EXAMPLES);
  }
}

/** How a place for values was recognised. */
export interface Finding {
  readonly foundBy: 'look' | 'answers alike';
  /** 0 to 1. */
  readonly confidence: number;
  readonly reason: string;
}

/** A place in the paths of an origin. */
export class PathNode implements TemplateStep {
  readonly key: string;
  readonly isValue: boolean;
  readonly isMaybe: boolean;
  readonly isGlued: boolean;
  readonly children: Map<string, PathNode> = new Map();
  readonly calls: Map<string, PathCalls> = new Map();
  /** Different values seen, the first few; of a place for values. */
  values = 0;
  /** Answers looked at below here; those that say this segment as a value, or as a key. */
  judged = 0;
  echoed = 0;
  keyed = 0;
  finding: Finding | null = null;
  /** Is a name that was never seen here a value? */
  takesNames = false;
  /** Names below here that turned out to be values. */
  readonly namesTaken: Set<string> = new Set();

  constructor({ key, isValue, isMaybe, isGlued }: Omit<PathToken, 'text'>) {
    this.key = key;
    this.isValue = isValue;
    this.isMaybe = isMaybe;
    this.isGlued = isGlued;
  }

  child(token: Omit<PathToken, 'text'>): PathNode {
    let child = this.children.get(token.key);
    if (child === undefined) {
      child = new PathNode(token);
      this.children.set(token.key, child);
    }
    return child;
  }

  callsOf(method: string): PathCalls {
    let calls = this.calls.get(method);
    if (calls === undefined) {
      calls = new PathCalls();
      this.calls.set(method, calls);
    }
    return calls;
  }

  /** Takes note of whether an answer speaks of this segment. */
  judge({ values, keys }: AnswerProfile, text: string): void {
    const segment = decodeSegment(text);
    this.judged += 1;
    if (values.has(segment)) this.echoed += 1;
    if (keys.has(segment)) this.keyed += 1;
  }

  merge(other: PathNode): void {
    this.judged += other.judged;
    this.echoed += other.echoed;
    this.keyed += other.keyed;
    for (const [method, calls] of other.calls) this.callsOf(method).merge(calls);
    for (const [key, child] of other.children) {
      const own = this.children.get(key);
      if (own === undefined) this.children.set(key, child);
      else own.merge(child);
    }
  }
}
