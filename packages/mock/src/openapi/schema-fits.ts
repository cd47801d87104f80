import { wholeMatch } from '../pattern/whole-match.ts';
import { WrongPattern } from '../pattern/syntax.ts';
import { isRecord } from '../source-node.ts';
import type { HiddenMembers } from './hidden-members.ts';
import { boundOf, listOf, typesOf } from './schema.ts';
import type { Bound, Resolve } from './schema.ts';

const FORMATS: ReadonlyMap<string, RegExp> = new Map([
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i],
  ['uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  ['email', /^[^@\s]+@[^@\s]+$/],
  ['uri', /^[a-z][a-z0-9+.-]*:\S+$/i],
  ['ipv4', /^\d{1,3}(?:\.\d{1,3}){3}$/],
]);

const tests = new Map<string, (text: string) => boolean>();

/** A pattern of JSON Schema may fit anywhere in a text. One that cannot be read fits all. */
function patternFits(pattern: string, text: string): boolean {
  let test = tests.get(pattern);
  if (test === undefined) {
    test = patternTest(pattern);
    tests.set(pattern, test);
  }
  return test(text);
}

function patternTest(pattern: string): (text: string) => boolean {
  try {
    return wholeMatch(`.*(?:${pattern}).*`);
  } catch (error) {
    if (error instanceof WrongPattern) return () => true;
    throw error;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function typeFits(schema: Record<string, unknown>, value: unknown): boolean {
  const types = typesOf(schema);
  const type = typeOf(value);
  return types === null || types.has(type) || (type === 'integer' && types.has('number'));
}

function within(
  schema: Record<string, unknown>,
  [least, most]: readonly [Bound, Bound],
  size: number,
): boolean {
  return size >= (boundOf(schema, least) ?? size) && size <= (boundOf(schema, most) ?? size);
}

function numberFits(schema: Record<string, unknown>, value: number): boolean {
  const above = boundOf(schema, 'exclusiveMinimum');
  const below = boundOf(schema, 'exclusiveMaximum');
  if (above !== undefined && value <= above) return false;
  if (below !== undefined && value >= below) return false;
  const { multipleOf } = schema;
  const times = typeof multipleOf === 'number' ? value / multipleOf : 0;
  return Number.isInteger(times) && within(schema, ['minimum', 'maximum'], value);
}

function textFits(schema: Record<string, unknown>, value: string): boolean {
  const { pattern, format } = schema;
  if (!within(schema, ['minLength', 'maxLength'], Array.from(value).length)) return false;
  if (typeof pattern === 'string' && !patternFits(pattern, value)) return false;
  return typeof format !== 'string' || FORMATS.get(format)?.test(value) !== false;
}

/** Whether a value is what a schema describes, as far as values that are made here need telling. */
export class SchemaCheck {
  readonly #resolve: Resolve;
  readonly #hidden: HiddenMembers;

  constructor(resolve: Resolve, hidden: HiddenMembers) {
    this.#resolve = resolve;
    this.#hidden = hidden;
  }

  /** @param whole - All that is asked of the value, of which the schema is a part. */
  fits(schema: unknown, value: unknown, whole: unknown = schema): boolean {
    if (!isRecord(schema)) return schema !== false;
    const ref = schema['$ref'];
    if (typeof ref === 'string' && !this.fits(this.#resolve(ref), value, whole)) return false;
    if (schema['nullable'] === true && value === null) return true;
    return (
      typeFits(schema, value) &&
      this.#isAllowed(schema, value) &&
      this.#partsFit(schema, value, whole) &&
      this.#contentFits(schema, value, whole)
    );
  }

  #isAllowed(schema: Record<string, unknown>, value: unknown): boolean {
    if (Object.hasOwn(schema, 'const') && !same(schema['const'], value)) return false;
    const allowed = schema['enum'];
    return !Array.isArray(allowed) || allowed.some((one) => same(one, value));
  }

  #partsFit(schema: Record<string, unknown>, value: unknown, whole: unknown): boolean {
    const count = (name: string): number =>
      listOf(schema[name]).filter((one) => this.fits(one, value, whole)).length;
    if (count('allOf') < listOf(schema['allOf']).length) return false;
    if (Array.isArray(schema['anyOf']) && count('anyOf') === 0) return false;
    if (Array.isArray(schema['oneOf']) && count('oneOf') !== 1) return false;
    return !Object.hasOwn(schema, 'not') || !this.fits(schema['not'], value);
  }

  #contentFits(schema: Record<string, unknown>, value: unknown, whole: unknown): boolean {
    if (typeof value === 'number') return numberFits(schema, value);
    if (typeof value === 'string') return textFits(schema, value);
    if (Array.isArray(value)) return this.#listFits(schema, value);
    return !isRecord(value) || this.#objectFits(schema, value, whole);
  }

  #listFits(schema: Record<string, unknown>, value: readonly unknown[]): boolean {
    if (!within(schema, ['minItems', 'maxItems'], value.length)) return false;
    const texts = new Set(value.map((item) => JSON.stringify(item)));
    if (schema['uniqueItems'] === true && texts.size < value.length) return false;
    const prefix = listOf(schema['prefixItems']);
    return value.every((item, at) =>
      this.fits(at < prefix.length ? prefix[at] : (schema['items'] ?? true), item),
    );
  }

  #objectFits(
    schema: Record<string, unknown>,
    value: Record<string, unknown>,
    whole: unknown,
  ): boolean {
    const names = Object.keys(value);
    if (!within(schema, ['minProperties', 'maxProperties'], names.length)) return false;
    const properties = isRecord(schema['properties']) ? schema['properties'] : {};
    const required = listOf(schema['required']);
    const isThere = (name: unknown): boolean =>
      typeof name === 'string' && (Object.hasOwn(value, name) || this.#hidden.isIn(whole, name));
    if (!required.every(isThere)) return false;
    const additional = isRecord(schema['patternProperties'])
      ? true
      : (schema['additionalProperties'] ?? true);
    return names.every((name) =>
      this.fits(Object.hasOwn(properties, name) ? properties[name] : additional, value[name]),
    );
  }
}
