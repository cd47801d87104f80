import type { Endpoint } from '../exchange.ts';
import { endpointRuleText, namesIn } from './endpoint-rules.ts';
import { withOperation } from './operation.ts';
import type { Observations } from './observations.ts';
import type { Finding, PathCalls, PathNode } from './path-node.ts';
import { pathTokens, VALUE } from './path-tokens.ts';
import type { PathToken } from './path-tokens.ts';
import { settleSiblings } from './settle-siblings.ts';
import { templateText } from './template-text.ts';
import type { TemplateStep } from './template-text.ts';
import { urlParts } from './url-parts.ts';

/** How a parameter was found: given, or inferred. */
export type FoundBy = 'user' | 'openapi' | Finding['foundBy'];

export interface LearnedParameter {
  readonly name: string;
  readonly foundBy: FoundBy;
}

/** An endpoint, and why it is thought to be one. */
export interface LearnedEndpoint extends Endpoint {
  readonly calls: number;
  /** Paths of a few calls. */
  readonly members: readonly string[];
  readonly parameters: readonly LearnedParameter[];
  /** 0 to 1, and the reason in words. */
  readonly confidence: number;
  readonly reason: string;
}

/** A call whose endpoint is asked for. */
export interface AddressedCall {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** See {@link operationOf}; without it the endpoint is that of the path. */
  readonly operation?: string | null;
}

/** Which endpoint calls belong to, as learned from all of them. */
export interface EndpointMap {
  /** By origin, template and method. */
  readonly endpoints: readonly LearnedEndpoint[];
  /** Knows also calls that it was not learned from. */
  endpointOf(call: AddressedCall): Endpoint;
}

const MOST_KNOWN = 50_000;
/** A path without any parameter: nothing speaks against it, but nothing can prove it. */
const PLAIN: Finding = { foundBy: 'look', confidence: 0.9, reason: 'every segment is a name' };

function byPlace(one: Endpoint, other: Endpoint): number {
  const order = [
    [one.origin, other.origin],
    [one.template, other.template],
    [one.method, other.method],
  ] as const;
  const [a, b] = order.find(([left, right]) => left !== right) ?? ['', ''];
  return a < b ? -1 : a > b ? 1 : 0;
}

function roundedMin(findings: readonly Finding[]): Finding {
  return findings.reduce(
    (least, one) => (one.confidence < least.confidence ? one : least),
    findings[0] ?? PLAIN,
  );
}

function* endpointsOf(
  place: Endpoint,
  { calls, examples, operations }: PathCalls,
  why: Pick<LearnedEndpoint, 'parameters' | 'confidence' | 'reason'>,
): IterableIterator<LearnedEndpoint> {
  let left = calls;
  for (const [operation, count] of operations) {
    left -= count;
    const template = withOperation(place.template, operation);
    yield { ...place, template, calls: count, members: examples, ...why };
  }
  if (left > 0) yield { ...place, calls: left, members: examples, ...why };
}

function* endpointsBelow(
  origin: string,
  node: PathNode,
  steps: readonly PathNode[],
): IterableIterator<LearnedEndpoint> {
  const { template, names } = templateText(steps);
  const findings = steps.flatMap(({ isValue, finding }) => (isValue ? [finding ?? PLAIN] : []));
  const { confidence, reason } = roundedMin(findings);
  const parameters = names.map((name, at) => ({ name, foundBy: findings[at]?.foundBy ?? 'look' }));
  for (const [method, calls] of node.calls) {
    yield* endpointsOf({ method, origin, template }, calls, { parameters, confidence, reason });
  }
  for (const child of node.children.values()) {
    yield* endpointsBelow(origin, child, [...steps, child]);
  }
}

function* givenEndpoints(observations: Observations): IterableIterator<LearnedEndpoint> {
  for (const { rule, method, origin, calls } of observations.given.values()) {
    const { template, from } = rule;
    const parameters = namesIn(template).map((name) => ({ name, foundBy: from }));
    const reason =
      from === 'user' ? `set as ${endpointRuleText(rule)}` : 'a path of an OpenAPI description';
    yield* endpointsOf({ method, origin, template }, calls, { parameters, confidence: 1, reason });
  }
}

class TreeMap implements EndpointMap {
  readonly endpoints: readonly LearnedEndpoint[];
  readonly #observations: Observations;
  readonly #known = new Map<string, string>();

  constructor(observations: Observations) {
    this.#observations = observations;
    const inferred = [...observations.origins].flatMap(([origin, root]) => [
      ...endpointsBelow(origin, root, []),
    ]);
    this.endpoints = [...givenEndpoints(observations), ...inferred].toSorted(byPlace);
  }

  endpointOf({ method, url, operation }: AddressedCall): Endpoint {
    const { origin, path } = urlParts(url);
    const rule = this.#observations.ruleFor(method, origin, path);
    const template = rule?.template ?? this.#template(origin, path);
    return { method, origin, template: withOperation(template, operation ?? null) };
  }

  #template(origin: string, path: string): string {
    const key = `${origin} ${path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { template } = templateText(stepsOf(this.#observations.origins.get(origin), path));
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, template);
    return template;
  }
}

function* stepsOf(root: PathNode | undefined, path: string): IterableIterator<TemplateStep> {
  let node = root;
  for (const token of pathTokens(path)) {
    node = node === undefined ? undefined : stepInto(node, token);
    yield node ?? token;
  }
}

function stepInto(node: PathNode, token: PathToken): PathNode | undefined {
  const own = node.children.get(token.key);
  if (own !== undefined || token.isValue || token.isGlued || token.key === '') return own;
  const isValue = node.takesNames || node.namesTaken.has(token.key);
  return isValue ? node.children.get(VALUE) : undefined;
}

/** The endpoints of calls. Settles the observations, which take no further calls then. */
export function inferEndpoints(observations: Observations): EndpointMap {
  for (const root of observations.origins.values()) settleSiblings(root, null);
  return new TreeMap(observations);
}
