import type { Random } from '../random.ts';
import { isRecord } from '../source-node.ts';
import { drawnString, whole } from './drawn-string.ts';
import { HiddenMembers } from './hidden-members.ts';
import type { Direction } from './hidden-members.ts';
import { absorb, emptyFlat } from './schema.ts';
import type { Bound, Choice, Flat, Resolve } from './schema.ts';
import { SchemaCheck } from './schema-fits.ts';

/** Down to here optional members are made too. */
const FULL_DEPTH = 3;
/** A schema that requires itself would never end. */
const DEEPEST = 30;
/** Members and items of one answer; above it only what is required is made. */
const MOST_VALUES = 400;
/** How often a value is drawn anew that does not fit. */
const TRIES = 12;
/** How far apart numbers are where nothing bounds them. */
const SPAN = 1_000;

/** Why there is no value. */
class NoValue extends Error {
  override readonly name = 'NoValue';
}

/** The bounds of a number, made up where there are none. */
function rangeOf({ bounds }: Flat, span: number): readonly [least: number, most: number] {
  const bound = (name: Bound, otherwise: number): number => bounds.get(name) ?? otherwise;
  const least = Math.max(bound('minimum', -Infinity), bound('exclusiveMinimum', -Infinity));
  const most = Math.min(bound('maximum', Infinity), bound('exclusiveMaximum', Infinity));
  if (least === -Infinity && most === Infinity) return [1, span];
  const lower = least === -Infinity ? most - span : least;
  return [lower, Math.min(most, lower + span)];
}

function drawnNumber(flat: Flat, isWhole: boolean, random: Random): number {
  const step = flat.multipleOf ?? (isWhole ? 1 : 0.01);
  const [least, most] = rangeOf(flat, SPAN * Math.max(step, 1));
  let first = Math.ceil(least / step);
  let last = Math.floor(most / step);
  if (first * step === flat.bounds.get('exclusiveMinimum')) first += 1;
  if (last * step === flat.bounds.get('exclusiveMaximum')) last -= 1;
  // Bounds that are closer together than the steps.
  if (first > last) return least + random() * (most - least);
  const value = whole(random, first, last) * step;
  return flat.multipleOf === null ? Math.round(value * 100) / 100 : value;
}

function typeFor(flat: Flat): string {
  const types = [...(flat.types ?? [])];
  const chosen = types.find((type) => type !== 'null') ?? types[0];
  if (chosen !== undefined) return chosen;
  if (flat.properties.size > 0 || flat.required.size > 0 || isRecord(flat.additional))
    return 'object';
  if (flat.items.length > 0 || flat.prefixItems.length > 0) return 'array';
  if (flat.bounds.has('minimum') || flat.bounds.has('maximum')) return 'number';
  return 'string';
}

/** What members of other names are to be like; nothing where there may be none. */
function schemasOfMore(additional: unknown): readonly unknown[] {
  if (additional === false) return [];
  return [isRecord(additional) ? additional : { type: 'string' }];
}

/** Makes values that schemas describe, out of drawn numbers. */
export class ValueMaker {
  readonly #resolve: Resolve;
  readonly #hidden: HiddenMembers;
  readonly #check: SchemaCheck;
  readonly #random: Random;
  #made = 0;

  constructor(resolve: Resolve, random: Random, direction: Direction) {
    this.#resolve = resolve;
    this.#hidden = new HiddenMembers(resolve, direction);
    this.#check = new SchemaCheck(resolve, this.#hidden);
    this.#random = random;
  }

  /** @throws NoValue when there is none, WrongPattern for a pattern that is not read here. */
  value(schema: unknown): unknown {
    const value = this.#fitting([schema], 0);
    if (this.#check.fits(schema, value)) return value;
    throw new NoValue('no value was found that fits the schema');
  }

  /** A value that fits the schemas, or after some tries one that may not. */
  #fitting(schemas: readonly unknown[], depth: number): unknown {
    if (depth > DEEPEST) throw new NoValue('the schema requires itself without end');
    this.#made += 1;
    const all = { allOf: schemas };
    const fits = (value: unknown): boolean =>
      schemas.every((schema) => this.#check.fits(schema, value, all));
    let value: unknown;
    for (let n = 0; n < TRIES; n += 1) {
      const flat = this.#flat(schemas, depth);
      const example = flat.examples.find(fits);
      if (example !== undefined) return example;
      value = this.#drawn(flat, depth);
      if (fits(value)) break;
    }
    return value;
  }

  /** The schemas as one, with every choice made. */
  #flat(schemas: readonly unknown[], depth: number): Flat {
    const flat = emptyFlat();
    for (const schema of schemas) absorb(flat, schema, this.#resolve);
    for (let choice = flat.choices.shift(); choice !== undefined; choice = flat.choices.shift()) {
      this.#choose(flat, choice, depth);
    }
    return flat;
  }

  #choose(flat: Flat, { options, discriminator }: Choice, depth: number): void {
    const plain = this.#isDeep(depth) ? options.filter((option) => this.#isScalar(option)) : [];
    const list = plain.length > 0 ? plain : options;
    const option = list[whole(this.#random, 0, list.length - 1)];
    absorb(flat, option, this.#resolve);
    if (discriminator === null || !isRecord(option)) return;
    const ref = typeof option['$ref'] === 'string' ? option['$ref'] : '';
    const name = discriminator.names.get(ref) ?? ref.split('/').at(-1) ?? '';
    const { property } = discriminator;
    flat.properties.set(property, [...(flat.properties.get(property) ?? []), { enum: [name] }]);
    flat.required.add(property);
  }

  #isDeep(depth: number): boolean {
    return depth >= FULL_DEPTH || this.#made > MOST_VALUES;
  }

  #isScalar(schema: unknown): boolean {
    const flat = emptyFlat();
    absorb(flat, schema, this.#resolve);
    const type = typeFor(flat);
    return flat.choices.length === 0 && type !== 'object' && type !== 'array';
  }

  #drawn(flat: Flat, depth: number): unknown {
    if (flat.impossible || flat.types?.size === 0) throw new NoValue('nothing fits the schema');
    if (flat.allowed !== null) return flat.allowed[whole(this.#random, 0, flat.allowed.length - 1)];
    switch (typeFor(flat)) {
      case 'object':
        return this.#object(flat, depth);
      case 'array':
        return this.#array(flat, depth);
      case 'boolean':
        return this.#random() < 0.5;
      case 'null':
        return null;
      case 'integer':
        return drawnNumber(flat, true, this.#random);
      case 'number':
        return drawnNumber(flat, false, this.#random);
      default:
        return this.#string(flat);
    }
  }

  #string({ format, patterns, bounds }: Flat): string {
    const [least, most] = [bounds.get('minLength') ?? 0, bounds.get('maxLength') ?? 1_000];
    return drawnString({ format, pattern: patterns[0], least, most }, this.#random);
  }

  #object(flat: Flat, depth: number): unknown {
    const { properties, required, additional } = flat;
    const members = new Map<string, unknown>();
    const most = flat.bounds.get('maxProperties') ?? Infinity;
    const hidden = new Set<string>();
    for (const [name, schemas] of properties) {
      const isWanted = members.size < most && !this.#isDeep(depth);
      // What is only for the other direction is not there, required or not.
      if (this.#hidden.are(schemas)) hidden.add(name);
      else if (isWanted || required.has(name)) members.set(name, this.#fitting(schemas, depth + 1));
    }
    const more = schemasOfMore(additional);
    for (const name of required) {
      if (!members.has(name) && !hidden.has(name))
        members.set(name, this.#fitting(more, depth + 1));
    }
    if (more.length > 0) this.#fill(members, flat, more, depth);
    return Object.fromEntries(members);
  }

  /** Adds members of other names, as many as there have to be. */
  #fill(members: Map<string, unknown>, flat: Flat, more: readonly unknown[], depth: number): void {
    const least = flat.bounds.get('minProperties') ?? (this.#isMap(flat, depth) ? 1 : 0);
    for (let n = 1; members.size < least; n += 1) {
      members.set(`key${n}`, this.#fitting(more, depth + 1));
    }
  }

  /** Whether an object is made for any names. */
  #isMap({ properties, additional }: Flat, depth: number): boolean {
    return properties.size === 0 && isRecord(additional) && !this.#isDeep(depth);
  }

  #array({ items, prefixItems, bounds, unique }: Flat, depth: number): unknown[] {
    const least = bounds.get('minItems') ?? 0;
    const most = bounds.get('maxItems') ?? Infinity;
    const wanted = this.#isDeep(depth) ? least : Math.max(least, whole(this.#random, 1, 3));
    const count = Math.min(Math.max(wanted, Math.min(prefixItems.length, most)), most);
    const list: unknown[] = [];
    const texts = new Set<string>();
    // A few more, as in a list without equals some are drawn in vain.
    for (let n = 0; list.length < count && n < count * TRIES; n += 1) {
      const prefix = prefixItems[list.length];
      const value = this.#fitting(prefix === undefined ? items : [prefix], depth + 1);
      const text = JSON.stringify(value);
      if (unique && texts.has(text)) continue;
      texts.add(text);
      list.push(value);
    }
    return list;
  }
}
