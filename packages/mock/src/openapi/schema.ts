import { isRecord } from '../source-node.ts';

/** Follows a local `$ref`; undefined when it leads nowhere. */
export type Resolve = (ref: string) => unknown;

/** Schemas of which one has to fit: exactly one, or at least one. */
export interface Choice {
  readonly options: readonly unknown[];
  /** The property that names the option, and the names of options that are not their own. */
  readonly discriminator: {
    readonly property: string;
    readonly names: ReadonlyMap<string, string>;
  } | null;
}

/** What several schemas ask of one value together. */
export interface Flat {
  types: ReadonlySet<string> | null;
  impossible: boolean;
  /** `const` is a list of one. */
  allowed: readonly unknown[] | null;
  examples: unknown[];
  readonly properties: Map<string, unknown[]>;
  readonly required: Set<string>;
  /** `additionalProperties`; false where one of the schemas forbids more. */
  additional: unknown;
  items: unknown[];
  prefixItems: readonly unknown[];
  choices: Choice[];
  /** Bounds by their keywords, the narrowest of each. */
  readonly bounds: Map<Bound, number>;
  multipleOf: number | null;
  unique: boolean;
  format: string | null;
  readonly patterns: string[];
  writeOnly: boolean;
  readOnly: boolean;
}

export type Bound =
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minProperties'
  | 'maxProperties';

const LOWER: readonly Bound[] = [
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
];
const UPPER: readonly Bound[] = [
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
];

/** A schema that refers to itself as a part of itself has no end. */
const DEEPEST = 100;

export function emptyFlat(): Flat {
  return {
    types: null,
    impossible: false,
    allowed: null,
    examples: [],
    properties: new Map(),
    required: new Set(),
    additional: undefined,
    items: [],
    prefixItems: [],
    choices: [],
    bounds: new Map(),
    multipleOf: null,
    unique: false,
    format: null,
    patterns: [],
    writeOnly: false,
    readOnly: false,
  };
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The types of a schema; null for any. `nullable` is how OpenAPI 3.0 says it. */
export function typesOf(schema: Record<string, unknown>): Set<string> | null {
  const { type } = schema;
  const types =
    typeof type === 'string' ? [type] : listOf(type).filter((one) => typeof one === 'string');
  if (types.length === 0) return null;
  return new Set(schema['nullable'] === true ? [...types, 'null'] : types);
}

function commonTypes(
  a: ReadonlySet<string> | null,
  b: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (a === null || b === null) return a ?? b;
  const both = new Set([...a].filter((type) => b.has(type)));
  // A whole number is a number.
  if (
    !both.has('integer') &&
    (a.has('integer') ? b.has('number') : b.has('integer') && a.has('number'))
  ) {
    both.delete('number');
    both.add('integer');
  }
  return both;
}

/** A bound of OpenAPI 3.0 may be made exclusive by a boolean beside it. */
export function boundOf(schema: Record<string, unknown>, name: Bound): number | undefined {
  const value = schema[name];
  if (name === 'minimum' && schema['exclusiveMinimum'] === true) return undefined;
  if (name === 'maximum' && schema['exclusiveMaximum'] === true) return undefined;
  const inclusive = name === 'exclusiveMinimum' ? 'minimum' : 'maximum';
  const bound = value === true && name.startsWith('exclusive') ? schema[inclusive] : value;
  return typeof bound === 'number' ? bound : undefined;
}

function absorbBounds(flat: Flat, schema: Record<string, unknown>): void {
  for (const [names, narrower] of [
    [LOWER, Math.max],
    [UPPER, Math.min],
  ] as const) {
    for (const name of names) {
      const bound = boundOf(schema, name);
      if (bound === undefined) continue;
      flat.bounds.set(name, narrower(bound, flat.bounds.get(name) ?? bound));
    }
  }
}

function absorbAllowed(flat: Flat, schema: Record<string, unknown>): void {
  const allowed = Object.hasOwn(schema, 'const') ? [schema['const']] : schema['enum'];
  if (!Array.isArray(allowed)) return;
  const texts = new Set(flat.allowed?.map((value) => JSON.stringify(value)));
  flat.allowed =
    flat.allowed === null ? allowed : allowed.filter((value) => texts.has(JSON.stringify(value)));
}

function absorbExamples(flat: Flat, schema: Record<string, unknown>): void {
  if (Object.hasOwn(schema, 'example')) flat.examples.push(schema['example']);
  flat.examples.push(...listOf(schema['examples']));
  if (Object.hasOwn(schema, 'default')) flat.examples.push(schema['default']);
}

function absorbObject(flat: Flat, schema: Record<string, unknown>): void {
  const { properties, additionalProperties: additional } = schema;
  if (isRecord(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      const known = flat.properties.get(name);
      if (known === undefined) flat.properties.set(name, [property]);
      else known.push(property);
    }
  }
  for (const name of listOf(schema['required'])) {
    if (typeof name === 'string') flat.required.add(name);
  }
  if (flat.additional !== false && additional !== undefined) flat.additional = additional;
}

function absorbRest(flat: Flat, schema: Record<string, unknown>): void {
  if (Object.hasOwn(schema, 'items')) flat.items.push(schema['items']);
  if (Array.isArray(schema['prefixItems'])) flat.prefixItems = schema['prefixItems'];
  if (typeof schema['format'] === 'string') flat.format = schema['format'];
  if (typeof schema['pattern'] === 'string') flat.patterns.push(schema['pattern']);
  if (typeof schema['multipleOf'] === 'number') flat.multipleOf = schema['multipleOf'];
  flat.unique ||= schema['uniqueItems'] === true;
  flat.writeOnly ||= schema['writeOnly'] === true;
  flat.readOnly ||= schema['readOnly'] === true;
}

function choiceOf(schema: Record<string, unknown>, name: 'oneOf' | 'anyOf'): Choice | undefined {
  const options = listOf(schema[name]);
  if (options.length === 0) return undefined;
  const { discriminator } = schema;
  const property = isRecord(discriminator) ? discriminator['propertyName'] : undefined;
  if (!isRecord(discriminator) || typeof property !== 'string')
    return { options, discriminator: null };
  const mapping = isRecord(discriminator['mapping'])
    ? Object.entries(discriminator['mapping'])
    : [];
  const names = new Map(mapping.map(([value, ref]) => [String(ref), value]));
  return { options, discriminator: { property, names } };
}

/** Adds what a schema asks to what others do. */
export function absorb(flat: Flat, schema: unknown, resolve: Resolve, depth = 0): void {
  if (schema === false || depth > DEEPEST) flat.impossible = true;
  if (!isRecord(schema) || depth > DEEPEST) return;
  if (typeof schema['$ref'] === 'string') absorb(flat, resolve(schema['$ref']), resolve, depth + 1);
  for (const part of listOf(schema['allOf'])) absorb(flat, part, resolve, depth + 1);
  flat.types = commonTypes(flat.types, typesOf(schema));
  absorbAllowed(flat, schema);
  absorbExamples(flat, schema);
  absorbBounds(flat, schema);
  absorbObject(flat, schema);
  absorbRest(flat, schema);
  for (const name of ['oneOf', 'anyOf'] as const) {
    const choice = choiceOf(schema, name);
    if (choice !== undefined) flat.choices.push(choice);
  }
}
