// Reads a description in OpenAPI 3 (or the responses of Swagger 2) as far as answers are concerned.
import type { Description, Field, OneShape, Operation, Shape } from './shape.ts';
import { single } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const MOST_DEPTH = 6;
const FORMATS: Readonly<Record<string, string>> = { url: 'uri', datetime: 'date-time' };
const KNOWN_FORMATS = new Set(['date-time', 'date', 'uri', 'uuid', 'email', 'ipv4', 'id']);
/** What a text is whose description does not say. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(id|sid|guid)$|Id$/, 'id'],
  [/(^|_)(url|href|permalink)$|Url$/, 'uri'],
  [/_at$|(^|_)date_(created|updated)$/, 'date-time'],
  [/(^|_)email$/, 'email'],
];

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(value: unknown, ...path: readonly string[]): Json {
  let at: unknown = value;
  for (const key of path) at = isJson(at) ? at[key] : undefined;
  return isJson(at) ? at : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function words(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === 'string');
}

class Reader {
  readonly #document: Json;

  constructor(document: Json) {
    this.#document = document;
  }

  /** Undefined where a schema holds itself, or nests deeper than is drawn. */
  shape(schema: unknown, name: string, path: readonly string[]): Shape | undefined {
    if (!isJson(schema)) return undefined;
    const { $ref: ref } = schema;
    if (typeof ref === 'string') {
      if (path.includes(ref)) return undefined;
      const target = part(this.#document, ...ref.slice(2).split('/'));
      return this.shape(target, name, [...path, ref]);
    }
    if (path.filter((step) => step === '').length > MOST_DEPTH) return undefined;
    const merged = list(schema['allOf']).length > 0 ? this.#merged(schema) : schema;
    return this.#alternatives(merged, name, path) ?? this.#plain(merged, name, path);
  }

  #merged(schema: Json): Json {
    const parts = list(schema['allOf']).map((one) => this.#resolved(one));
    const { allOf: _, ...own } = schema;
    const properties = Object.assign({}, ...[...parts, own].map((one) => part(one, 'properties')));
    const required = [...parts, own].flatMap((one) => words(one['required']));
    return { ...Object.assign({}, ...parts), ...own, properties, required };
  }

  #resolved(schema: unknown): Json {
    const { $ref: ref } = part(schema);
    const target =
      typeof ref === 'string' ? part(this.#document, ...ref.slice(2).split('/')) : part(schema);
    return list(target['allOf']).length > 0 ? this.#merged(target) : target;
  }

  #alternatives(schema: Json, name: string, path: readonly string[]): Shape | undefined {
    const options = [...list(schema['oneOf']), ...list(schema['anyOf'])];
    if (options.length === 0) return undefined;
    const shapes = options.flatMap((one) => this.shape(one, name, path) ?? []);
    const isNull = options.some((one) => part(one)['type'] === 'null');
    const nullable = isNull || schema['nullable'] === true || shapes.some((one) => one.nullable);
    const oneOf = distinct(shapes.flatMap((one) => one.oneOf));
    return oneOf.length === 0 ? undefined : { nullable, oneOf };
  }

  #plain(schema: Json, name: string, path: readonly string[]): Shape | undefined {
    const { type } = schema;
    const types = Array.isArray(type) ? words(type) : [typeof type === 'string' ? type : ''];
    const nullable = schema['nullable'] === true || types.includes('null');
    const oneOf = types.flatMap((one) => this.#one(one, schema, name, path) ?? []);
    return oneOf.length === 0 ? undefined : { nullable, oneOf };
  }

  #one(type: string, schema: Json, name: string, path: readonly string[]): OneShape | undefined {
    if (type === 'string') return textShape(schema, name);
    if (type === 'integer' || type === 'number' || type === 'boolean') return { type };
    if (type === 'array') {
      const items = this.shape(schema['items'], name, [...path, '']);
      return items === undefined ? undefined : { type, items };
    }
    return type === 'object' || isJson(schema['properties'])
      ? this.#object(schema, path)
      : undefined;
  }

  #object(schema: Json, path: readonly string[]): OneShape | undefined {
    const required = new Set(words(schema['required']));
    const fields = new Map<string, Field>();
    for (const [key, value] of Object.entries(part(schema, 'properties'))) {
      const shape = this.shape(value, key, [...path, '']);
      if (shape !== undefined) fields.set(key, { shape, required: required.has(key) });
    }
    if (fields.size > 0) return { type: 'object', fields };
    const values = this.shape(schema['additionalProperties'], '', [...path, '']);
    return values === undefined ? undefined : { type: 'map', values };
  }
}

function distinct(shapes: readonly OneShape[]): readonly OneShape[] {
  const seen = new Set<string>();
  return shapes.filter(({ type }) => {
    const isNew = type === 'object' || !seen.has(type);
    seen.add(type);
    return isNew;
  });
}

function textShape(schema: Json, name: string): OneShape {
  const values = words(schema['enum']).filter((value) => value !== '');
  if (values.length > 0) return { type: 'string', format: 'text', values };
  const { format } = schema;
  const said = typeof format === 'string' ? (FORMATS[format] ?? format) : '';
  const guessed = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'text';
  return { type: 'string', format: KNOWN_FORMATS.has(said) ? said : guessed };
}

function operationOf(
  reader: Reader,
  { method, template, responses }: { method: string; template: string; responses: Json },
): Operation | undefined {
  const status = Object.keys(responses).find((code) => /^2\d\d$/.test(code));
  if (status === undefined) return undefined;
  const response = part(responses, status);
  const [contentType = '', media] = Object.entries(part(response, 'content'))[0] ?? [];
  const schema = part(media)['schema'] ?? response['schema'];
  const body = reader.shape(schema, '', []);
  if (schema !== undefined && body === undefined) return undefined;
  return {
    method: method.toUpperCase(),
    template,
    status: Number(status),
    contentType: body === undefined ? '' : contentType || 'application/json',
    headers: Object.keys(part(response, 'headers')).map((one) => one.toLowerCase()),
    body: body ?? null,
  };
}

/** A description as it was published, or as much of it as was kept. */
export function readOpenApi(document: unknown, origin: string): Description {
  const reader = new Reader(part(document));
  const operations = Object.entries(part(document, 'paths')).flatMap(([template, item]) =>
    METHODS.flatMap((method) => {
      const responses = part(item, method, 'responses');
      return operationOf(reader, { method, template, responses }) ?? [];
    }),
  );
  return { origin, operations };
}

/** An answer of another kind than success, as these APIs give them. */
export const ERROR_BODY: Shape = single({
  type: 'object',
  fields: new Map([
    ['code', { required: true, shape: single({ type: 'string', format: 'slug' }) }],
    ['message', { required: true, shape: single({ type: 'string', format: 'text' }) }],
  ]),
});
