// What calls of one path are told apart by: the operation of GraphQL (https://spec.graphql.org),
// the method of JSON-RPC (https://www.jsonrpc.org/specification).

/** What is to be known of a request to find its operation. */
export interface OperationRequest {
  readonly method: string;
  readonly url: string;
  /** The decoded body, when it is text. */
  readonly body: string | null;
}

const MOST_LENGTH = 80;
const MOST_NAMED = 3;
const GRAPHQL = /^(?:\s|,|#[^\n]*\n)*(?:(?:query|mutation|subscription|fragment)\b|\{)/;
const OPERATION = /\b(query|mutation|subscription)\b\s*([_A-Za-z]\w*)?/;

/** A template with the operation behind it: `/graphql#GetUser`. */
export function withOperation(template: string, operation: string | null): string {
  return operation === null ? template : `${template}#${operation}`;
}

/** A template without an operation. */
export function pathOfTemplate(template: string): string {
  const at = template.indexOf('#');
  return at === -1 ? template : template.slice(0, at);
}

function clean(name: string): string {
  return name.slice(0, MOST_LENGTH).replace(/[^\w.:/$+-]/g, '_');
}

/** The text of a query without comments, strings, and what stands in round brackets. */
function bareQuery(query: string): string {
  const plain = query.replace(/"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, ' ');
  let depth = 0;
  let bare = '';
  for (const character of plain) {
    if (character === '(') depth += 1;
    if (depth === 0) bare += character;
    if (character === ')') depth = Math.max(0, depth - 1);
  }
  return bare;
}

/** The fields that an operation without a name asks for: `viewer+repository`. */
function fieldsOf(bare: string): string {
  const fields: string[] = [];
  let depth = 0;
  const start = bare.search(/\{/);
  const tokens = bare.slice(start).match(/[{}]|\.\.\.|[_A-Za-z]\w*\s*:|[_A-Za-z]\w*|@/g) ?? [];
  let skip = false;
  for (const token of tokens) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    else if (depth === 1 && !token.endsWith(':')) {
      if (!skip && /^\w/.test(token)) fields.push(token);
      skip = token === '...' || token === '@';
    }
    if (depth === 0) break;
  }
  return [...new Set(fields)].toSorted().slice(0, MOST_NAMED).join('+');
}

function queryOperation(query: string): string {
  const bare = bareQuery(query);
  const outside = bare.replace(/\bfragment\b[^{]*/g, ' ');
  const [, kind = 'query', name] =
    OPERATION.exec(outside.slice(0, 1 + Math.max(0, outside.indexOf('{')))) ??
    OPERATION.exec(outside) ??
    [];
  if (name !== undefined) return name;
  const from = Math.max(0, bare.search(OPERATION));
  const fields = fieldsOf(bare.slice(from));
  return kind === 'query' ? `query:${fields}` : `${kind}:${fields}`;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  return entries.find(([key]) => key === name)?.[1];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function graphqlOperation(
  operationName: string | null,
  query: string | null,
  extensions: unknown,
): string | null {
  const isQuery = query !== null && GRAPHQL.test(query) && query.includes('{');
  const hash = text(field(field(extensions, 'persistedQuery'), 'sha256Hash'));
  if (!isQuery && hash === null) return null;
  if (operationName !== null) return operationName;
  return isQuery ? queryOperation(query) : `persisted:${(hash ?? '').slice(0, 12)}`;
}

function rpcMethod(value: unknown): string | null {
  const method = text(field(value, 'method'));
  if (method === null) return null;
  const isRpc = text(field(value, 'jsonrpc')) !== null;
  const isOld = field(value, 'id') !== undefined && field(value, 'params') !== undefined;
  return isRpc || isOld ? method : null;
}

function operationOfValue(value: unknown): string | null {
  const graphql = graphqlOperation(
    text(field(value, 'operationName')),
    text(field(value, 'query')),
    field(value, 'extensions'),
  );
  return graphql ?? rpcMethod(value);
}

/** A batch is named after what is in it, each once; the order says nothing. */
function operationOfBatch(batch: readonly unknown[]): string | null {
  const names = new Set<string>();
  for (const one of batch) {
    const name = operationOfValue(one);
    if (name === null) return null;
    names.add(name);
  }
  const sorted = [...names].toSorted();
  if (sorted.length === 0) return null;
  return sorted.length > MOST_NAMED ? 'batch' : sorted.join('+');
}

function json(body: string): unknown {
  if (!/^\s*[{[]/.test(body)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function operationInBody(body: string): string | null {
  const value = json(body);
  if (Array.isArray(value)) return operationOfBatch(value);
  if (value !== undefined) return operationOfValue(value);
  // application/graphql: the query itself.
  return /^\s*(?:query|mutation|subscription)\b/.test(body) && body.includes('{')
    ? queryOperation(body)
    : null;
}

function operationInUrl(url: string): string | null {
  const at = url.indexOf('?');
  if (at === -1 || !/[?&](?:query|extensions)=/.test(url.slice(at))) return null;
  const parameters = new URLSearchParams(url.slice(at + 1));
  return graphqlOperation(
    text(parameters.get('operationName')),
    text(parameters.get('query')),
    json(parameters.get('extensions') ?? ''),
  );
}

/**
 * The name of the operation that a request asks for, where calls of one path do different things:
 * of GraphQL (also persisted, by GET, in batches), and the `method` of JSON-RPC. Null for others.
 */
export function operationOf({ method, url, body }: OperationRequest): string | null {
  const found =
    method === 'GET' || body === null || body === '' ? operationInUrl(url) : operationInBody(body);
  return found === null ? null : clean(found);
}
