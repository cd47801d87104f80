import type { AnswerProfile } from './answer-profile.ts';
import { EndpointRules } from './endpoint-rules.ts';
import type { EndpointRule } from './endpoint-rules.ts';
import { MOST_SAMPLES, PathCalls, PathNode } from './path-node.ts';
import { pathTokens, VALUE } from './path-tokens.ts';
import type { PathToken } from './path-tokens.ts';
import { urlParts } from './url-parts.ts';

/** More names than this in one place are values: no API has so many. */
const MOST_NAMES = 2000;
/** Places in all; past this a place takes few new names. */
const MOST_NODES = 200_000;
const FEW_NAMES = 50;
/** Paths whose place is known without looking for it. */
const MOST_KNOWN = 20_000;

/** What is to be known of a call. */
export interface Observed {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly status: number | null;
  /** What tells calls of one path apart, such as the name of a GraphQL operation. */
  readonly operation?: string | null;
}

const VALUE_TOKEN: PathToken = {
  text: VALUE,
  key: VALUE,
  isValue: true,
  isMaybe: false,
  isGlued: false,
};

export interface GivenCalls {
  readonly rule: EndpointRule;
  readonly method: string;
  readonly origin: string;
  readonly calls: PathCalls;
}

interface Place {
  readonly path: readonly PathNode[];
  readonly texts: readonly string[];
}

const NOWHERE: Place = { path: [], texts: [] };

/** A call's place, and whether its answer would tell anything new. */
export class Sighting {
  readonly #path: readonly PathNode[];
  readonly #texts: readonly string[];
  readonly calls: PathCalls;

  constructor(path: readonly PathNode[], texts: readonly string[], calls: PathCalls) {
    this.#path = path;
    this.#texts = texts;
    this.calls = calls;
  }

  get wantsAnswer(): boolean {
    return this.#path.length > 0 && this.calls.samples < MOST_SAMPLES;
  }

  /** Takes in what a 2xx JSON answer is like. */
  answered(profile: AnswerProfile): void {
    this.calls.add(profile);
    for (const [at, node] of this.#path.entries()) node.judge(profile, this.#texts[at] ?? '');
  }
}

/**
 * What was seen of calls, by place in the paths of each origin. Its size depends on the number of
 * different names in paths, which is bounded, and not on the number of calls.
 */
export class Observations {
  readonly origins: Map<string, PathNode> = new Map();
  /** Calls that a given template fits. */
  readonly given: Map<string, GivenCalls> = new Map();
  readonly #rules: readonly EndpointRules[];
  readonly #known = new Map<string, Place>();
  #nodes = 0;

  /** @param rules - Templates that hold before any inference; those of users before all others. */
  constructor(rules: readonly EndpointRule[] = []) {
    this.#rules = (['user', 'openapi'] as const)
      .map((from) => new EndpointRules(rules.filter((rule) => rule.from === from)))
      .filter(({ size }) => size > 0);
  }

  /** Takes a call in. Only where the sighting wants it, its answer needs to be looked at. */
  add({ method, url, status, operation }: Observed): Sighting {
    const { origin, path } = urlParts(url);
    const rule = this.ruleFor(method, origin, path);
    const { path: nodes, texts } = rule === null ? this.#place(origin, path) : NOWHERE;
    const calls =
      rule === null
        ? (nodes.at(-1) ?? this.#root(origin)).callsOf(method)
        : this.#callsOf(rule, method, origin);
    calls.count(path, status);
    if (operation !== undefined && operation !== null) calls.countOperation(operation);
    return new Sighting(nodes, texts, calls);
  }

  ruleFor(method: string, origin: string, path: string): EndpointRule | null {
    for (const rules of this.#rules) {
      const rule = rules.match(method, origin, path);
      if (rule !== null) return rule;
    }
    return null;
  }

  #callsOf(rule: EndpointRule, method: string, origin: string): PathCalls {
    const key = JSON.stringify([method, origin, rule.template]);
    let given = this.given.get(key);
    if (given === undefined) {
      given = { rule, method, origin, calls: new PathCalls() };
      this.given.set(key, given);
    }
    return given.calls;
  }

  #root(origin: string): PathNode {
    let root = this.origins.get(origin);
    if (root === undefined) {
      root = new PathNode({ key: '', isValue: false, isMaybe: false, isGlued: false });
      this.origins.set(origin, root);
    }
    return root;
  }

  #place(origin: string, path: string): Place {
    const key = `${origin} ${path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const tokens = pathTokens(path);
    let node = this.#root(origin);
    const nodes: PathNode[] = [];
    for (const token of tokens) {
      node = this.#child(node, token);
      nodes.push(node);
    }
    const place = { path: nodes, texts: tokens.map(({ text }) => text) };
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, place);
    return place;
  }

  #child(node: PathNode, token: PathToken): PathNode {
    const known = node.children.get(token.key);
    if (known !== undefined) {
      if (token.isValue) known.values += 1;
      return known;
    }
    const most = this.#nodes < MOST_NODES ? MOST_NAMES : FEW_NAMES;
    if (!token.isValue && !token.isGlued && node.children.size >= most) {
      return this.#child(node, VALUE_TOKEN);
    }
    this.#nodes += 1;
    const made = node.child(token);
    if (token.isValue) made.values = 1;
    return made;
  }
}
