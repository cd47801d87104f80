import type { Direction } from './drift.ts';
import { isNode, type Node } from './json-node.ts';

/** Below these stand values of users. */
const VALUES: ReadonlySet<string> = new Set(['example', 'examples', 'default', '$schema', 'xml']);
/** Below these stand values that a schema is about. */
const KEPT: ReadonlySet<string> = new Set(['enum', 'const']);
/** Below these stand names of users, which may be those of keywords. */
const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'schemas', '$defs']);

/**
 * An OpenAPI document with its schemas as JSON Schema 2020-12: what version 3.0 writes in another way,
 * and without what need not be there in one direction.
 */
export function contractDocument(
  document: unknown,
  version: '3.0' | '3.1',
  direction: Direction,
): Node {
  const convert = (value: unknown, isNames: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => convert(one, false));
    if (!isNode(value)) return value;
    const members = Object.entries(value)
      .filter(([key]) => isNames || !VALUES.has(key))
      .map(([key, member]): [string, unknown] => {
        const isKept = !isNames && KEPT.has(key);
        return [key, isKept ? member : convert(member, !isNames && NAMED.has(key))];
      });
    const node = Object.fromEntries(members);
    if (isNames) return node;
    const narrowed = withoutOneWay(node, direction);
    return version === '3.0' ? modern(narrowed) : narrowed;
  };
  const converted = convert(document, false);
  return isNode(converted) ? converted : {};
}

/** What clients only send is not in answers, and what only servers send is not in requests. */
function withoutOneWay(node: Node, direction: Direction): Node {
  const { required, properties } = node;
  if (!Array.isArray(required) || !isNode(properties)) return node;
  const other = direction === 'response' ? 'writeOnly' : 'readOnly';
  const still = required.filter((name: unknown) => {
    const property = properties[String(name)];
    return !isNode(property) || property[other] !== true;
  });
  return { ...node, required: still };
}

/** A schema of version 3.0, which follows a draft of 2016. */
function modern(node: Node): Node {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...rest } = node;
  const bounded = {
    ...rest,
    ...bound('exclusiveMinimum', exclusiveMinimum, rest['minimum']),
    ...bound('exclusiveMaximum', exclusiveMaximum, rest['maximum']),
  };
  // Whatever stands beside a reference means nothing there.
  const plain = typeof rest['$ref'] === 'string' ? { $ref: rest['$ref'] } : bounded;
  return nullable === true ? orNull(plain) : plain;
}

function bound(name: string, value: unknown, limit: unknown): Node {
  if (value === true) return { [name]: limit };
  return typeof value === 'number' ? { [name]: value } : {};
}

function orNull(schema: Node): Node {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [{ type: 'null' }, schema] };
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}
