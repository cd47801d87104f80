// Reads the short notation of `data/*.json`; see data/README.md.
import type { Description, Field, OneShape, Operation, Shape } from './shape.ts';
import { single } from './shape.ts';

interface Written {
  readonly origin: string;
  readonly headers: readonly string[];
  readonly operations: Readonly<Record<string, unknown>>;
  readonly schemas: Readonly<Record<string, unknown>>;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shapeOf(written: unknown, schemas: Written['schemas']): Shape {
  if (typeof written === 'string') return namedShape(written, schemas);
  if (Array.isArray(written)) {
    return single({ type: 'array', items: shapeOf(written[0], schemas) });
  }
  if (!isObject(written)) throw new Error(`No shape is written as ${JSON.stringify(written)}.`);
  const { '*': values, oneOf } = written;
  if (values !== undefined) return single({ type: 'map', values: shapeOf(values, schemas) });
  if (Array.isArray(oneOf)) {
    return { nullable: false, oneOf: oneOf.flatMap((one) => shapeOf(one, schemas).oneOf) };
  }
  const fields = new Map(Object.entries(written).map((entry) => fieldOf(entry, schemas)));
  return single({ type: 'object', fields });
}

function fieldOf([key, value]: [string, unknown], schemas: Written['schemas']): [string, Field] {
  const required = !key.endsWith('?');
  return [required ? key : key.slice(0, -1), { required, shape: shapeOf(value, schemas) }];
}

/** `integer`, `date-time`, `enum:a,b`, the name of a schema; with `|null` or several with `|`. */
function namedShape(written: string, schemas: Written['schemas']): Shape {
  const names = written.split('|');
  const oneOf = names
    .filter((name) => name !== 'null')
    .flatMap((name): readonly OneShape[] => {
      if (name.startsWith('enum:')) {
        return [{ type: 'string', format: 'text', values: name.slice(5).split(',') }];
      }
      if (name === 'integer' || name === 'number' || name === 'boolean') return [{ type: name }];
      const schema = schemas[name];
      return schema === undefined
        ? [{ type: 'string', format: name }]
        : shapeOf(schema, schemas).oneOf;
    });
  return { nullable: names.includes('null'), oneOf };
}

export function readWritten({ origin, headers, operations, schemas }: Written): Description {
  const read = Object.entries(operations).map(([key, body]): Operation => {
    const [method = '', template = ''] = key.split(' ');
    const status = body === null ? 204 : method === 'POST' ? 201 : 200;
    const contentType = body === null ? '' : 'application/json';
    return {
      method,
      template,
      status,
      contentType,
      headers,
      body: body === null ? null : shapeOf(body, schemas),
    };
  });
  return { origin, operations: read };
}
