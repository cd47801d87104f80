import { AskedCall } from '../asked-call.ts';
import type { Call } from '../call.ts';
import type { Description, DescriptionOptions } from '../described.ts';
import { SourceNode } from '../source-node.ts';
import type { SourceFile } from '../source-node.ts';
import { OpenApiDocument } from './document.ts';
import { Operations } from './operations.ts';
import { readOperation } from './operation.ts';
import type { Operation, OperationNodes } from './operation.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Every operation of a description. */
export function operationNodes(document: OpenApiDocument): OperationNodes[] {
  return document.root
    .get('paths')
    .members()
    .filter(([template]) => !template.startsWith('x-'))
    .flatMap(([template, node]) => {
      if (!template.startsWith('/')) node.fail('is no path', 'Begin it with /');
      const item = document.followed(node.object());
      return METHODS.filter((method) => !item.get(method).absent).map((method) => {
        const operation = item.get(method).object();
        return { template, method: method.toUpperCase(), item, operation };
      });
    });
}

function firstCall(method: string, target: string): Call {
  const body = new Uint8Array(0);
  return {
    method,
    target,
    httpVersion: '1.1',
    proxiedOrigin: null,
    ownOrigin: null,
    headers: [],
    body,
  };
}

/** Makes an answer as for the first call; the reason when that does not work. */
function problemWith(operation: Operation, options: DescriptionOptions): string | undefined {
  const { method, url } = operation.pattern;
  try {
    new Operations([operation], options).plan(operation, new AskedCall(firstCall(method, url)));
    return undefined;
  } catch (error) {
    return `no answer can be made for it: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * The description in an OpenAPI document of version 3.0 or 3.1. Operations that cannot be answered
 * are left out; `warn` is told.
 *
 * @throws MockError OPENAPI_INVALID.
 */
export function operationsOf(
  value: unknown,
  source: SourceFile,
  options: DescriptionOptions,
  warn: (warning: string) => void,
): Description {
  const document = new OpenApiDocument(new SourceNode(source, value));
  const operations = operationNodes(document).flatMap((nodes) => {
    const operation = readOperation(nodes, document);
    const problem = typeof operation === 'string' ? operation : problemWith(operation, options);
    if (problem === undefined && typeof operation !== 'string') return [operation];
    warn(
      `The operation "${nodes.method} ${nodes.template}" of ${source.file} is left out: ${problem ?? ''}.`,
    );
    return [];
  });
  return new Operations(operations, options);
}
