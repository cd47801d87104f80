import { plainNumbers } from '../exact-json.ts';
import { SourceNode } from '../source-node.ts';
import type { SourceFile } from '../source-node.ts';
import { operationNodes } from './description.ts';
import { OpenApiDocument } from './document.ts';
import { serversOf } from './servers.ts';

/** Where an operation is, in its document and on its servers. */
export interface ApiOperation {
  readonly method: string;
  /** The path as the document has it. */
  readonly template: string;
  /** JSON Pointers into the document. */
  readonly pointer: string;
  readonly itemPointer: string;
  /** The paths of its servers without a slash at the end, often only the empty one. */
  readonly basePaths: readonly string[];
  /** That of its first server; null where the document names none. */
  readonly origin: string | null;
}

/** An OpenAPI document of version 3.0 or 3.1 whose references have been checked. */
export interface ApiDescription {
  readonly file: string;
  readonly version: '3.0' | '3.1';
  readonly document: unknown;
  readonly operations: readonly ApiOperation[];
}

/** @throws MockError OPENAPI_INVALID with the place in the document. */
export function apiDescription(value: unknown, source: SourceFile): ApiDescription {
  const document = new OpenApiDocument(new SourceNode(source, value));
  const operations = operationNodes(document).map(({ template, method, item, operation }) => {
    const servers = serversOf([operation, item, document.root]);
    return {
      method,
      template,
      pointer: operation.pointer,
      itemPointer: item.pointer,
      basePaths: [...new Set(servers.map(({ basePath }) => basePath))],
      origin: servers[0]?.origin ?? null,
    };
  });
  const version = document.root.get('openapi').anyText() ?? '';
  return {
    file: source.file,
    version: version.startsWith('3.0') ? '3.0' : '3.1',
    document: plainNumbers(value),
    operations,
  };
}
