import { stringFormat, type StringFormat } from './string-format.ts';

/** A schema of JSON Schema 2020-12; an empty one allows everything. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the samples of one place have been so far. */
export interface Shape {
  /** Something no type describes: too deep, or a number beyond all bounds. */
  any: boolean;
  null: boolean;
  boolean: boolean;
  /** `integer` until a fraction was seen. */
  number: 'integer' | 'number' | null;
  /** The format that all texts have; `plain` when they do not agree. */
  string: StringFormat | 'plain' | null;
  items: Shape | null;
  object: ObjectShape | null;
}

interface ObjectShape {
  count: number;
  /** Null once the keys were so many that the object is a map. */
  properties: Map<string, Property> | null;
  /** The values of a map. */
  values: Shape | null;
}

interface Property {
  seen: number;
  readonly shape: Shape;
}

/** Deeper than this, anything goes. */
const MOST_DEPTH = 32;
/** An object with more keys than this is a map from keys to values. */
const MOST_KEYS = 100;

export function emptyShape(): Shape {
  return {
    any: false,
    null: false,
    boolean: false,
    number: null,
    string: null,
    items: null,
    object: null,
  };
}

/** Takes a JSON value into the shape, which allows it from then on. */
export function learn(shape: Shape, value: unknown, depth = 0): void {
  if (depth > MOST_DEPTH) shape.any = true;
  else if (value === null) shape.null = true;
  else if (Array.isArray(value)) learnItems(shape, value, depth);
  else learnOther(shape, value, depth);
}

function learnOther(shape: Shape, value: unknown, depth: number): void {
  if (typeof value === 'string')
    shape.string = agreed(shape.string, stringFormat(value) ?? 'plain');
  else if (typeof value === 'number') learnNumber(shape, value);
  else if (typeof value === 'boolean') shape.boolean = true;
  else learnObject(shape, Object.entries(value ?? {}), depth);
}

function learnNumber(shape: Shape, value: number): void {
  if (!Number.isFinite(value)) shape.any = true;
  else if (shape.number !== 'number') {
    shape.number = Number.isInteger(value) ? 'integer' : 'number';
  }
}

function agreed(before: Shape['string'], format: Shape['string']): Shape['string'] {
  if (before === null || format === null) return before ?? format;
  return before === format ? format : 'plain';
}

function learnItems(shape: Shape, items: readonly unknown[], depth: number): void {
  const itemShape = (shape.items ??= emptyShape());
  for (const item of items) learn(itemShape, item, depth + 1);
}

function learnObject(shape: Shape, entries: readonly [string, unknown][], depth: number): void {
  const object = (shape.object ??= { count: 0, properties: new Map(), values: null });
  object.count += 1;
  for (const [key, value] of entries) learn(placeOf(object, key), value, depth + 1);
}

function placeOf(object: ObjectShape, key: string): Shape {
  const { properties } = object;
  if (properties === null) return (object.values ??= emptyShape());
  const known = properties.get(key);
  if (known !== undefined) {
    known.seen += 1;
    return known.shape;
  }
  if (properties.size >= MOST_KEYS) return asMap(object, properties);
  const shape = emptyShape();
  properties.set(key, { seen: 1, shape });
  return shape;
}

function asMap(object: ObjectShape, properties: ReadonlyMap<string, Property>): Shape {
  const values = emptyShape();
  for (const { shape } of properties.values()) merge(values, shape);
  object.properties = null;
  object.values = values;
  return values;
}

/** Takes all that `other` allows into `shape`. */
function merge(shape: Shape, other: Shape): void {
  shape.any ||= other.any;
  shape.null ||= other.null;
  shape.boolean ||= other.boolean;
  if (shape.number !== 'number') shape.number = other.number ?? shape.number;
  shape.string = agreed(shape.string, other.string);
  if (other.items !== null) merge((shape.items ??= emptyShape()), other.items);
  if (other.object !== null) mergeObject(shape, other.object);
}

function mergeObject(shape: Shape, other: ObjectShape): void {
  const object = (shape.object ??= { count: 0, properties: new Map(), values: null });
  object.count += other.count;
  for (const [key, { seen, shape: from }] of other.properties ?? []) {
    merge(placeOf(object, key), from);
    const property = object.properties?.get(key);
    // Taking its place has counted one.
    if (property !== undefined) property.seen += seen - 1;
  }
  if (other.properties === null) {
    const values = object.properties === null ? object.values : asMap(object, object.properties);
    merge(values ?? (object.values = emptyShape()), other.values ?? emptyShape());
  }
}

/** The narrowest of the schemas we write that allows every sample. */
export function schemaOf(shape: Shape): JsonSchema {
  const types = typesOf(shape);
  if (shape.any || types.length === 0) return {};
  const { string, items, object } = shape;
  return {
    type: types.length === 1 ? types[0] : types,
    ...(string === null || string === 'plain' ? {} : { format: string }),
    ...(items === null ? {} : { items: schemaOf(items) }),
    ...(object === null ? {} : objectSchema(object)),
  };
}

function typesOf(shape: Shape): string[] {
  return [
    ...(shape.object === null ? [] : ['object']),
    ...(shape.items === null ? [] : ['array']),
    ...(shape.string === null ? [] : ['string']),
    ...(shape.number === null ? [] : [shape.number]),
    ...(shape.boolean ? ['boolean'] : []),
    ...(shape.null ? ['null'] : []),
  ];
}

function objectSchema({ count, properties, values }: ObjectShape): JsonSchema {
  if (properties === null) return { additionalProperties: schemaOf(values ?? emptyShape()) };
  const all = [...properties];
  const required = all.filter(([, { seen }]) => seen === count).map(([key]) => key);
  return {
    ...(all.length === 0
      ? {}
      : { properties: Object.fromEntries(all.map(([key, { shape }]) => [key, schemaOf(shape)])) }),
    ...(required.length === 0 ? {} : { required }),
  };
}
