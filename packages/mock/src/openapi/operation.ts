import type { AskedCall } from '../asked-call.ts';
import type { DescribedPattern } from '../described.ts';
import { pathPatternOf } from '../path-pattern.ts';
import type { PathPattern } from '../path-pattern.ts';
import type { SourceNode } from '../source-node.ts';
import type { OpenApiDocument } from './document.ts';
import { chosenResponse, readResponse } from './response.ts';
import type { DescribedResponse } from './response.ts';
import { serversOf } from './servers.ts';
import type { Server } from './servers.ts';

/** Where an operation is: on a server, or for clients that leave the server's path out. */
export interface Place {
  readonly server: Server;
  readonly path: PathPattern;
}

/** An operation that can be answered. */
export interface Operation extends DescribedResponse {
  readonly pattern: DescribedPattern;
  readonly places: readonly Place[];
  /** Query parameters without which a request is for another operation, or for none. */
  readonly query: readonly string[];
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
  const response = readResponse(chosen, document);
  if (typeof response === 'string') return response;
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
    ...response,
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
