import { ExactNumber, plainNumbers } from '../exact-json.ts';
import type { Random } from '../random.ts';
import type { SourceNode } from '../source-node.ts';
import type { OpenApiDocument } from './document.ts';
import { drawnValue, readMedia } from './media.ts';
import type { OperationNodes } from './operation.ts';

/** A request as a description has it. */
export interface DescribedRequest {
  /** Path and query, without the server's path. */
  readonly target: string;
  /** Flat. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** Fields that a description says elsewhere (OpenAPI 3.1 section 4.8.12.1). */
const ELSEWHERE: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);
const NO_BYTES = new Uint8Array(0);

interface Drawing {
  readonly document: OpenApiDocument;
  readonly random: Random;
}

/** The example of a parameter; undefined where it has none. */
function exampleOf(node: SourceNode, document: OpenApiDocument): unknown {
  if (node.has('example')) return node.get('example').value;
  const [first] = node.get('examples').members();
  return first === undefined ? undefined : document.followed(first[1]).get('value').value;
}

function drawnParameter(node: SourceNode, { document, random }: Drawing): unknown {
  const [content] = node.get('content').members();
  const schema = (content?.[1] ?? node).get('schema').value ?? { type: 'string' };
  const value = drawnValue(plainNumbers(schema), document, random, 'request');
  return content === undefined ? value : JSON.stringify(value);
}

function plainText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return value.map(plainText).join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A parameter of the query as pairs: lists and objects in the style `form`, or as `deepObject`. */
function queryPairs(node: SourceNode, name: string, value: unknown): [string, string][] {
  const isApart = node.get('explode').value !== false;
  if (Array.isArray(value) && isApart) return value.map((one) => [name, plainText(one)]);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || value instanceof ExactNumber) return [[name, plainText(value)]];
  const isDeep = node.get('style').value === 'deepObject';
  return Object.entries(value).map(([member, one]) => [
    isDeep ? `${name}[${member}]` : member,
    plainText(one),
  ]);
}

/** The parameters of an operation; its own stand in for those of its path. */
function parametersOf(
  { item, operation }: OperationNodes,
  document: OpenApiDocument,
): SourceNode[] {
  const nodes = [...item.get('parameters').items(), ...operation.get('parameters').items()];
  const byName = new Map<string, SourceNode>();
  for (const node of nodes.map((one) => document.followed(one))) {
    byName.set(JSON.stringify([node.get('in').text(), node.get('name').text()]), node);
  }
  return [...byName.values()];
}

function sentContent(
  operation: SourceNode,
  { document, random }: Drawing,
): { readonly type: string; readonly body: Uint8Array } | null {
  const members = document.followed(operation.get('requestBody')).get('content').members();
  for (const [range, node] of members) {
    const media = readMedia(range, node, document, 'request');
    if (media !== undefined)
      return { type: media.type, body: media.examples[0] ?? media.drawn(random) };
  }
  return null;
}

/** What the parameters of a request are. */
class Parameters {
  readonly #drawing: Drawing;
  readonly #nodes: readonly SourceNode[];

  constructor(nodes: OperationNodes, drawing: Drawing) {
    this.#drawing = drawing;
    this.#nodes = parametersOf(nodes, drawing.document);
  }

  /** The path, with the ids of its examples, or with other ones. */
  path(template: string, isOther: boolean): string {
    const byName = new Map(this.#in('path'));
    return template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
      const node = byName.get(name);
      return encodeURIComponent(plainText(this.#id(node, isOther)));
    });
  }

  query(): string {
    const pairs = this.#required('query').flatMap(([name, node]) =>
      queryPairs(node, name, this.#value(node)),
    );
    const text = new URLSearchParams(pairs).toString();
    return text === '' ? '' : `?${text}`;
  }

  /** Flat. */
  headers(): string[] {
    return this.#required('header')
      .filter(([name]) => !ELSEWHERE.has(name.toLowerCase()))
      .flatMap(([name, node]) => [name, plainText(this.#value(node))]);
  }

  #in(where: string): [name: string, node: SourceNode][] {
    return this.#nodes
      .filter((node) => node.get('in').value === where)
      .map((node) => [node.get('name').text() ?? node.get('name').fail('is missing'), node]);
  }

  #required(where: string): [name: string, node: SourceNode][] {
    return this.#in(where).filter(([, node]) => node.get('required').boolean());
  }

  #value(node: SourceNode): unknown {
    return exampleOf(node, this.#drawing.document) ?? drawnParameter(node, this.#drawing);
  }

  #id(node: SourceNode | undefined, isOther: boolean): unknown {
    const { document, random } = this.#drawing;
    if (node === undefined) return drawnValue({ type: 'string' }, document, random);
    return isOther ? drawnParameter(node, this.#drawing) : this.#value(node);
  }
}

/**
 * A request for an operation: its examples, and drawn values where it has none. What may be left out
 * is.
 *
 * @param isOther - The ids in its path are drawn in any case, so that it asks for another thing.
 */
export function describedRequest(
  nodes: OperationNodes,
  drawing: Drawing,
  isOther: boolean,
): DescribedRequest {
  const parameters = new Parameters(nodes, drawing);
  const target = parameters.path(nodes.template, isOther) + parameters.query();
  const headers = parameters.headers();
  const sent = sentContent(nodes.operation, drawing);
  if (sent === null) return { target, headers, body: NO_BYTES };
  const { type, body } = sent;
  const about = ['Content-Type', type, 'Content-Length', String(body.length)];
  return { target, headers: [...headers, ...about], body };
}
