import { STATUS_CODES } from 'node:http';
import type { HeaderLine } from '@calltape/store';
import type { AskedCall } from '../asked-call.ts';
import type { DescribedPattern } from '../described.ts';
import { unsendable } from '../described-plan.ts';
import { ExactNumber, plainNumbers } from '../exact-json.ts';
import { pathPatternOf } from '../path-pattern.ts';
import type { PathPattern } from '../path-pattern.ts';
import type { Random } from '../random.ts';
import type { SourceNode } from '../source-node.ts';
import type { OpenApiDocument } from './document.ts';
import { drawnValue, readMedia } from './media.ts';
import type { Media } from './media.ts';
import { serversOf } from './servers.ts';
import type { Server } from './servers.ts';

/** A header field of an answer, as the description has it. */
interface HeaderMaker {
  readonly name: string;
  readonly text: (random: Random) => string;
}

/** Where an operation is: on a server, or for clients that leave the server's path out. */
export interface Place {
  readonly server: Server;
  readonly path: PathPattern;
}

/** An operation that can be answered. */
export interface Operation {
  readonly pattern: DescribedPattern;
  readonly places: readonly Place[];
  /** Query parameters without which a request is for another operation, or for none. */
  readonly query: readonly string[];
  readonly status: number;
  readonly statusText: string;
  readonly media: readonly Media[];
  readonly headers: (random: Random) => HeaderLine[];
  /** How many clients got its answer. */
  given: number;
}

/** `2XX` and `default` stand for several; 200 is one of each. */
function statusOf(key: string): number {
  return /^[2-5]\d\d$/.test(key)
    ? Number(key)
    : key === 'default'
      ? 200
      : Number(`${key[0] ?? '2'}00`);
}

/** The first answer that means success; where there is none, the first that means no failure. */
function chosenResponse(responses: SourceNode): [key: string, node: SourceNode] | undefined {
  const all = responses.members().filter(([key]) => /^[1-5](?:\d\d|XX)$|^default$/.test(key));
  const first = (test: (key: string) => boolean) => all.find(([key]) => test(key));
  return (
    first((key) => /^2\d\d$/.test(key)) ??
    first((key) => key === '2XX') ??
    first((key) => key === 'default') ??
    first((key) => key.startsWith('3')) ??
    first(() => true)
  );
}

function requiredQuery(nodes: readonly SourceNode[]): string[] {
  const byName = new Map<string, boolean>();
  for (const node of nodes) {
    if (node.get('in').text() !== 'query') continue;
    const name = node.get('name');
    byName.set(name.text() ?? name.fail('is missing'), node.get('required').boolean());
  }
  return [...byName].filter(([, required]) => required).map(([name]) => name);
}

function headerText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return value.map(headerText).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function headerMaker(name: string, node: SourceNode, document: OpenApiDocument): HeaderMaker[] {
  const lower = name.toLowerCase();
  // RFC 9110 section 8.3 and OpenAPI say it with the content; the length is that of the content.
  if (lower === 'content-type' || lower === 'content-length') return [];
  const [, example] = node.get('examples').members()[0] ?? [];
  const fixed = node.has('example')
    ? node.get('example')
    : document.followed(example ?? node).get('value');
  if (fixed.value !== undefined) return [{ name, text: () => headerText(fixed.value) }];
  const schema = plainNumbers(node.get('schema').value);
  if (schema === undefined) return [];
  return [{ name, text: (random) => headerText(drawnValue(schema, document, random)) }];
}

function headersOf(node: SourceNode, document: OpenApiDocument): Operation['headers'] {
  const makers = node
    .get('headers')
    .members()
    .flatMap(([name, header]) => headerMaker(name, document.followed(header), document));
  return (random) =>
    makers.flatMap(({ name, text }): HeaderLine[] => {
      const value = text(random);
      return unsendable(name, value) === undefined ? [[name, value]] : [];
    });
}

function placesOf(template: string, servers: readonly Server[]): Place[] {
  return servers.flatMap((server) => {
    const place = { server, path: pathPatternOf(server.basePath + template) };
    const bare = { server: { ...server, onlyDirect: true }, path: pathPatternOf(template) };
    return server.basePath === '' ? [place] : [place, bare];
  });
}

/** Where an operation stands in its document. */
export interface OperationNodes {
  readonly template: string;
  readonly method: string;
  readonly item: SourceNode;
  readonly operation: SourceNode;
}

/** A sentence instead of an operation says why it cannot be answered. */
export function readOperation(
  { template, method, item, operation }: OperationNodes,
  document: OpenApiDocument,
): Operation | string {
  const parameters = [...item.get('parameters').items(), ...operation.get('parameters').items()];
  const responses = operation.get('responses');
  const chosen = chosenResponse(responses);
  if (chosen === undefined) return `${responses.pointer} has no response`;
  const response = document.followed(chosen[1]).object();
  const content = response.get('content').members();
  const media = content.flatMap(([type, node]) => readMedia(type, node, document) ?? []);
  if (content.length > 0 && media.length === 0) {
    return `${response.pointer}/content has neither an example nor a schema of JSON, of text or of a form`;
  }
  const status = statusOf(chosen[0]);
  const servers = serversOf([operation, item, document.root]);
  return {
    pattern: {
      source: document.root.source.file,
      name: operation.get('operationId').text() ?? `${method} ${template}`,
      method,
      url: template,
      used: false,
    },
    places: placesOf(template, servers),
    query: requiredQuery(parameters.map((node) => document.followed(node))),
    status,
    statusText: STATUS_CODES[status] ?? '',
    media,
    headers: headersOf(response, document),
    given: 0,
  };
}

/** The place of an operation that a call is for; undefined where it is for none. */
export function placeFor(operation: Operation, asked: AskedCall): Place | undefined {
  const { proxiedOrigin } = asked.call;
  return operation.places.find(({ server, path }) => {
    if (proxiedOrigin !== null && server.onlyDirect) return false;
    if (proxiedOrigin !== null && server.host !== null && server.host !== asked.host) return false;
    return path.match(asked.path) !== undefined;
  });
}
