/** A template that is given, not inferred. */
export interface EndpointRule {
  /** Null for all methods. */
  readonly method: string | null;
  /** Null for all; without a scheme it is a host, with its port. */
  readonly origin: string | null;
  /** Parameters in braces, `{name...}` at the end for any number of segments. */
  readonly template: string;
  readonly from: 'user' | 'openapi';
}

export class EndpointRuleError extends Error {
  override readonly name = 'EndpointRuleError';
}

const RULE = /^(?:([A-Za-z]+|\*)\s+)?((?:[a-z][a-z0-9+.-]*:\/\/)?[^/{}\s]+)?(\/\S*)$/;
const PARAMETER = /\{([A-Za-z_][\w.-]*?)(\.\.\.)?\}/g;

/**
 * Reads a template as users write it: `GET /v1/things/{thing}`, `/users/bob`,
 * `* https://api.example.com/files/{path...}`.
 *
 * @throws EndpointRuleError with a sentence on what is wrong.
 */
export function parseEndpointRule(text: string): EndpointRule {
  const [, method = '*', origin = null, template = ''] = RULE.exec(text.trim()) ?? [];
  const example = 'Write it as "GET /v1/things/{thing}".';
  if (template === '') throw new EndpointRuleError(`"${text}" is no template. ${example}`);
  if (/[{}]/.test(template.replace(PARAMETER, ''))) {
    throw new EndpointRuleError(
      `"${text}" has a brace that is no parameter. Parameters are names in braces, such as {thing}.`,
    );
  }
  const names = namesIn(template);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new EndpointRuleError(
      `"${text}" has two parameters "${twice}". Give them different names.`,
    );
  }
  if (/\.\.\.\}./.test(template)) {
    throw new EndpointRuleError(
      `"${text}" goes on behind a parameter for the whole rest. Put that one last.`,
    );
  }
  return { method: method === '*' ? null : method.toUpperCase(), origin, template, from: 'user' };
}

/** A rule as users write it. */
export function endpointRuleText({ method, origin, template }: EndpointRule): string {
  return `${method ?? '*'} ${origin ?? ''}${template}`;
}

/** The names of a template's parameters, in order. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(PARAMETER)].map(([, name = '']) => name);
}

/** The text of a template's segment around its parameters. */
function textsIn(segment: string): string[] {
  return segment.split(/\{[^{}]*\}/);
}

/** Does the text consist of the pieces in this order, with at least a character at each gap? */
function fits(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...further] = pieces;
  const last = further.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of further) {
    at = text.indexOf(piece, at + 1);
    if (at === -1) return false;
    at += piece.length;
  }
  return text.length - last.length > at && text.endsWith(last);
}

interface Branch {
  readonly pieces: readonly string[];
  readonly node: RuleNode;
}

class RuleNode {
  readonly literal = new Map<string, RuleNode>();
  /** Those with the most text first. */
  readonly branches: Branch[] = [];
  readonly ends: EndpointRule[] = [];
  readonly rests: EndpointRule[] = [];

  next(segment: string): RuleNode {
    const pieces = textsIn(segment);
    const key = JSON.stringify(pieces);
    if (pieces.length === 1) return getOr(this.literal, segment, () => new RuleNode());
    const known = this.branches.find((branch) => JSON.stringify(branch.pieces) === key);
    if (known !== undefined) return known.node;
    const node = new RuleNode();
    this.branches.push({ pieces, node });
    this.branches.sort((one, other) => other.pieces.join('').length - one.pieces.join('').length);
    return node;
  }
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function holds(rule: EndpointRule, method: string, origin: string): boolean {
  if (rule.method !== null && rule.method !== method) return false;
  if (rule.origin === null || rule.origin === origin) return true;
  return origin.slice(origin.indexOf('://') + 3) === rule.origin;
}

/** Given templates; of those that fit a path the most literal one holds. */
export class EndpointRules {
  readonly #root = new RuleNode();
  readonly size: number;

  constructor(rules: readonly EndpointRule[]) {
    this.size = rules.length;
    for (const rule of rules) this.#add(rule);
  }

  match(method: string, origin: string, path: string): EndpointRule | null {
    const segments = path.split('/').slice(1);
    return this.#search(this.#root, segments, 0, (rule) => holds(rule, method, origin));
  }

  #add(rule: EndpointRule): void {
    let node = this.#root;
    for (const segment of rule.template.split('/').slice(1)) {
      if (segment.endsWith('...}') && segment.startsWith('{')) {
        node.rests.push(rule);
        return;
      }
      node = node.next(segment);
    }
    node.ends.push(rule);
  }

  #search(
    node: RuleNode,
    segments: readonly string[],
    at: number,
    isRight: (rule: EndpointRule) => boolean,
  ): EndpointRule | null {
    const segment = segments[at];
    if (segment === undefined) return node.ends.find(isRight) ?? null;
    const literal = node.literal.get(segment);
    const nodes = [
      ...(literal === undefined ? [] : [literal]),
      ...node.branches.filter(({ pieces }) => fits(segment, pieces)).map((branch) => branch.node),
    ];
    for (const next of nodes) {
      const found = this.#search(next, segments, at + 1, isRight);
      if (found !== null) return found;
    }
    return segment === '' ? null : (node.rests.find(isRight) ?? null);
  }
}
