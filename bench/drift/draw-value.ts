// Draws values of a shape. How often an optional field is there, or a value null, belongs to its
// place and not to a version, so that nothing changes but what the description says.
import { fixedPick, hashOf } from './random.ts';
import type { Random } from './random.ts';
import type { ArrayShape, MapShape, ObjectShape, OneShape, Shape, TextShape } from './shape.ts';
import { fieldAt } from './shape.ts';

const PRESENCE = [0.05, 0.2, 0.5, 0.8, 0.95];
const NULLS = [0.05, 0.2, 0.5, 0.8];
const MOST_ITEMS = [2, 5, 10, 30];
const DEEP = 3;
const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const HEX = '0123456789abcdef';
const WORDS =
  'alpha amber atlas basil birch bravo cedar cobalt coral delta ember fern flint grove harbor indigo iris jade karma lark lemon linden maple mango nova oasis olive onyx opal pearl pine quartz raven river sage slate solar spruce terra topaz umber velvet willow zephyr'.split(
    ' ',
  );
/** Weighted by how often each is listed. */
const ID_STYLES = ['number', 'number', 'uuid', 'prefixed', 'base62', 'slug'] as const;

export type IdStyle = (typeof ID_STYLES)[number] | 'date';

export function idStyle(place: string): IdStyle {
  if (/date/i.test(place)) return 'date';
  if (/(owner|repo|slug|name|login|org|team)$/i.test(place)) return 'slug';
  return fixedPick(place, ID_STYLES);
}

function uuid(random: Random): string {
  const part = (length: number): string => random.text(length, HEX);
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
}

function slug(random: Random): string {
  return random.chance(0.5)
    ? `${random.pick(WORDS)}-${random.pick(WORDS)}`
    : `${random.pick(WORDS)}${random.between(1, 9)}`;
}

function date(random: Random): string {
  return new Date(Date.UTC(2025, 0, 1) + random.between(0, 4e10)).toISOString();
}

export function drawId(random: Random, style: IdStyle, place: string): string {
  const drawn: Readonly<Record<IdStyle, () => string>> = {
    number: () => String(random.between(1000, 99_999_999)),
    uuid: () => uuid(random),
    prefixed: () => `${['cus', 'ord', 'evt', 'itm'][hashOf(place) % 4]}_${random.text(14, ALNUM)}`,
    base62: () => `${random.text(10, ALNUM)}${random.between(0, 9)}${random.text(6, ALNUM)}`,
    slug: () => slug(random),
    date: () => date(random).slice(0, 10),
  };
  return drawn[style]();
}

const TEXTS: Readonly<Record<string, (random: Random, place: string) => string>> = {
  'date-time': (random) => `${date(random).slice(0, 19)}Z`,
  date: (random) => date(random).slice(0, 10),
  uri: (random) =>
    `https://${random.pick(WORDS)}.example/${slug(random)}/${random.between(1, 9999)}`,
  uuid,
  email: (random) => `${random.pick(WORDS)}.${random.pick(WORDS)}@${random.pick(WORDS)}.example`,
  ipv4: (random) => [0, 0, 0, 0].map(() => random.between(1, 254)).join('.'),
  slug,
  id: (random, place) => drawId(random, idStyle(place.slice(place.lastIndexOf('/'))), place),
};

export class ValueDrawer {
  readonly #random: Random;
  readonly #salt: string;

  /** @param salt names the operation, whose places have habits of their own. */
  constructor(random: Random, salt: string) {
    this.#random = random;
    this.#salt = salt;
  }

  value(shape: Shape, location = '', depth = 0): unknown {
    const place = this.#salt + location;
    if (shape.nullable && this.#random.chance(fixedPick(`${place} null`, NULLS))) return null;
    const weights = shape.oneOf.map((_, at) => 1 + (hashOf(`${place} ${at}`) % 3));
    return this.#one(this.#weighted(shape.oneOf, weights), location, depth);
  }

  #weighted<T>(list: readonly T[], weights: readonly number[]): T {
    let left = this.#random.next() * weights.reduce((sum, one) => sum + one, 0);
    const found = list.find((_, at) => (left -= weights[at] ?? 0) < 0);
    return found ?? this.#random.pick(list);
  }

  #one(shape: OneShape, location: string, depth: number): unknown {
    switch (shape.type) {
      case 'string':
        return this.#text(shape, this.#salt + location);
      case 'boolean':
        return this.#random.chance(fixedPick(this.#salt + location, [0.1, 0.5, 0.9]));
      case 'integer':
        return this.#random.between(0, fixedPick(this.#salt + location, [3, 500, 10_000_000]));
      case 'number':
        return this.#random.between(1, 99_999) / 100;
      case 'array':
        return this.#items(shape, location, depth);
      case 'map':
        return this.#map(shape, location, depth);
      case 'object':
      default:
        return this.#object(shape, location, depth);
    }
  }

  #text({ format, values }: TextShape, place: string): string {
    const random = this.#random;
    if (values !== undefined) {
      return this.#weighted(
        values,
        values.map((value) => 1 + (hashOf(place + value) % 8)),
      );
    }
    const drawn = TEXTS[format];
    if (drawn !== undefined) return drawn(random, place);
    return Array.from({ length: random.between(1, 7) }, () => random.pick(WORDS)).join(' ');
  }

  #items({ items }: ArrayShape, location: string, depth: number): unknown[] {
    const most = depth > DEEP ? 2 : fixedPick(this.#salt + location, MOST_ITEMS);
    const few = this.#random.chance(0.7) ? Math.min(3, most) : most;
    const length = this.#random.between(0, few);
    return Array.from({ length }, () => this.value(items, `${location}/*`, depth + 1));
  }

  #map({ values }: MapShape, location: string, depth: number): Record<string, unknown> {
    const style = fixedPick(`${this.#salt + location} keys`, ['slug', 'uuid', 'number'] as const);
    const keys = Array.from({ length: this.#random.between(0, 5) }, () =>
      drawId(this.#random, style, location),
    );
    return Object.fromEntries(
      keys.map((key) => [key, this.value(values, `${location}/*`, depth + 1)]),
    );
  }

  #object({ fields }: ObjectShape, location: string, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const [name, { shape, required }] of fields) {
      const place = fieldAt(location, name);
      const rate = required ? 1 : fixedPick(`${this.#salt + place} there`, PRESENCE);
      if (this.#random.chance(rate)) entries.push([name, this.value(shape, place, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
}
