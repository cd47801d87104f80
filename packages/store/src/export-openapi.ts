import type { Exchange } from './exchange.ts';
import { byName } from './by-name.ts';
import { pathOfTemplate } from './endpoint/operation.ts';
import { OperationShapes } from './openapi-operation.ts';
import type { SecurityScheme } from './openapi-security.ts';

/** Why a call says nothing about the API. */
export type OpenApiGap = 'no whole answer' | 'a method that OpenAPI does not know';

/** The fields of a path item that are operations (OpenAPI 3.1 section 4.8.9). */
const METHODS: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
]);

interface PathShapes {
  readonly origins: Set<string>;
  readonly operations: Map<string, OperationShapes>;
}

/**
 * What exchanges tell of an API, as an OpenAPI 3.1 document in JSON. Keeps shapes only, however many
 * calls there are. Yields an empty piece for each call, so that whoever writes it can count, then
 * the document.
 */
export function* toOpenApi(
  exchanges: Iterable<Exchange>,
  onLeftOut: (gap: OpenApiGap) => void = () => undefined,
): Generator<string> {
  const paths = new Map<string, PathShapes>();
  const schemes = new Map<string, SecurityScheme>();
  for (const exchange of exchanges) {
    const gap = gapOf(exchange);
    if (gap === null) operationOf(paths, exchange).add(exchange, schemes);
    else onLeftOut(gap);
    yield '';
  }
  yield `${JSON.stringify(document(paths, schemes), null, 2)}\n`;
}

function gapOf({ request, response, outcome }: Exchange): OpenApiGap | null {
  if (response === null || outcome !== 'complete') return 'no whole answer';
  return METHODS.has(request.method.toLowerCase()) ? null : 'a method that OpenAPI does not know';
}

function operationOf(paths: Map<string, PathShapes>, { endpoint }: Exchange): OperationShapes {
  const { method, origin } = endpoint;
  const template = pathOfTemplate(endpoint.template);
  const path = paths.get(template) ?? { origins: new Set(), operations: new Map() };
  paths.set(template, path);
  path.origins.add(origin);
  const name = method.toLowerCase();
  const operation = path.operations.get(name) ?? new OperationShapes();
  path.operations.set(name, operation);
  return operation;
}

function document(
  paths: ReadonlyMap<string, PathShapes>,
  schemes: ReadonlyMap<string, SecurityScheme>,
): unknown {
  const origins = [...new Set([...paths.values()].flatMap((path) => [...path.origins]))].toSorted();
  const ids = new Set<string>();
  const items = [...paths].toSorted(byName);
  return {
    openapi: '3.1.0',
    info: {
      title: origins.length === 1 ? `${hostOf(origins[0] ?? '')}, as recorded` : 'Recorded APIs',
      version: '1',
      description: 'Learned by calltape from recorded calls: it knows what was called, no more.',
    },
    ...(origins.length === 0 ? {} : { servers: serverList(origins) }),
    paths: Object.fromEntries(
      items.map(([template, path]) => [template, pathItem(template, path, origins, ids)]),
    ),
    ...(schemes.size === 0
      ? {}
      : { components: { securitySchemes: Object.fromEntries([...schemes].toSorted(byName)) } }),
  };
}

function hostOf(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//i, '');
}

function serverList(origins: readonly string[]): { url: string }[] {
  return origins.map((url) => ({ url }));
}

function pathItem(
  template: string,
  { origins, operations }: PathShapes,
  all: readonly string[],
  ids: Set<string>,
): unknown {
  const isEverywhere = origins.size === all.length;
  return {
    ...(isEverywhere ? {} : { servers: serverList([...origins].toSorted()) }),
    ...Object.fromEntries(
      [...operations].map(([method, shapes]) => [
        method,
        { operationId: operationId(method, template, ids), ...shapes.document() },
      ]),
    ),
  };
}

/** `get /v1/customers/{customer}` as `getV1CustomersCustomer`, another number for another one. */
function operationId(method: string, template: string, ids: Set<string>): string {
  const words = template.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const base = method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  let id = base;
  for (let n = 2; ids.has(id); n += 1) id = `${base}${n}`;
  ids.add(id);
  return id;
}
