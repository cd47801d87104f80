// An API made up from a seed: shapes of answers, answers drawn from them, and one change to a shape.
// What is found can so be held against what was changed.

import type { DriftKind, LearnedCall } from '@calltape/drift';

export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Field {
  readonly name: string;
  /** How likely it is there, 0 to 1. */
  present: number;
  nulls: number;
  type: Type;
}

export type Text = 'word' | 'sentence' | 'uuid' | 'date-time' | 'date' | 'uri' | 'email' | 'id';

export type Type =
  | { readonly kind: 'text'; look: Text }
  | { readonly kind: 'enum'; values: string[]; weights: number[] }
  | { readonly kind: 'integer'; readonly most: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'array'; readonly items: Type; readonly empty: number }
  | { readonly kind: 'map'; readonly values: Type; readonly keys: 'id' | 'word' }
  | { readonly kind: 'object'; fields: Field[] }
  | { readonly kind: 'union'; readonly tag: string; variants: Map<string, Field[]> };

const WORDS =
  'alpha bravo cedar delta ember flint grove haven ivory jolly karma lemon maple noble ocean pearl quartz river stone tulip umber vivid willow xenon yield zebra amber birch coral dune elder fable glade hazel indigo jade kelp lunar mango nectar olive piano quill robin sage topaz ultra velvet wheat yarn'.split(
    ' ',
  );
const NAMES =
  'name title description city country street amount total price quantity count size width height color owner author license status state type visibility role plan tier phase currency language locale region zone avatar website homepage contact phone email birthday created_at updated_at started_at expires_at due_date score rating rank level weight label tags items lines options settings metadata billing shipping address profile account customer product order invoice payment card bank source target parent team project branch commit message body summary note comment reason code reference token_type scope mode enabled active archived private verified public locked'.split(
    ' ',
  );
const KINDS =
  'active inactive pending archived draft open closed paid unpaid failed succeeded canceled trial basic pro gold silver admin member guest public private internal low medium high'.split(
    ' ',
  );
const TAG_NAMES = ['type', 'kind', 'object', 'event', 'payment_type'];

export function pick<T>(all: readonly T[], random: Random): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new RangeError('Nothing to pick from');
  return one;
}

function sampleOf<T>(all: readonly T[], count: number, random: Random): T[] {
  const left = [...all];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    taken.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return taken;
}

export function objectType(random: Random, depth = 0): Type & { kind: 'object' } {
  const count = depth === 0 ? 6 + Math.floor(random() * 14) : 2 + Math.floor(random() * 6);
  const fields = sampleOf(NAMES, count, random).map((name) => fieldOf(name, random, depth));
  if (depth === 0 || random() < 0.4) {
    fields.unshift({ name: 'id', present: 1, nulls: 0, type: idType(random) });
  }
  return { kind: 'object', fields };
}

function idType(random: Random): Type {
  return random() < 0.3
    ? { kind: 'integer', most: 1e9 }
    : { kind: 'text', look: pick(['uuid', 'id'] as const, random) };
}

function fieldOf(name: string, random: Random, depth: number): Field {
  const chance = random();
  const present = chance < 0.62 ? 1 : pick([0.1, 0.3, 0.5, 0.7, 0.9, 0.97], random);
  const nulls = random() < 0.8 ? 0 : pick([0.05, 0.2, 0.5, 0.9], random);
  return { name, present, nulls, type: typeFor(name, random, depth) };
}

function typeFor(name: string, random: Random, depth: number): Type {
  if (name.endsWith('_at')) return { kind: 'text', look: 'date-time' };
  if (/date|birthday/.test(name)) return { kind: 'text', look: 'date' };
  if (/website|homepage|avatar/.test(name)) return { kind: 'text', look: 'uri' };
  if (name === 'email' || name === 'contact') return { kind: 'text', look: 'email' };
  return anyType(random, depth);
}

function anyType(random: Random, depth: number): Type {
  const chance = random();
  if (chance < 0.22) return { kind: 'text', look: pick(['word', 'sentence'] as const, random) };
  if (chance < 0.37) return enumType(random);
  if (chance < 0.5) return { kind: 'integer', most: pick([5, 100, 100_000], random) };
  if (chance < 0.57) return { kind: 'number' };
  if (chance < 0.68) return { kind: 'boolean' };
  if (depth >= 2) return { kind: 'text', look: 'word' };
  if (chance < 0.78) {
    return { kind: 'array', items: anyType(random, depth + 1), empty: random() * 0.5 };
  }
  if (chance < 0.83) {
    return {
      kind: 'map',
      values: anyType(random, depth + 1),
      keys: pick(['id', 'word'] as const, random),
    };
  }
  return chance < 0.88 && depth < 2 ? unionType(random, depth) : objectType(random, depth + 1);
}

function enumType(random: Random): Type {
  const values = sampleOf(KINDS, 2 + Math.floor(random() * 5), random);
  const isEven = random() < 0.5;
  return { kind: 'enum', values, weights: values.map((_, at) => (isEven ? 1 : 1 / (at + 1))) };
}

function unionType(random: Random, depth: number): Type {
  const tags = sampleOf(['card', 'bank_account', 'wallet', 'cash'], 2 + Math.floor(random() * 2), random);
  return {
    kind: 'union',
    tag: pick(TAG_NAMES, random),
    variants: new Map(tags.map((tag) => [tag, variantFields(tag, random, depth)])),
  };
}

export function variantFields(tag: string, random: Random, depth: number): Field[] {
  return objectType(random, depth + 2).fields.map((field) => ({
    ...field,
    name: `${tag}_${field.name}`,
    present: 1,
  }));
}

export function valueOf(type: Type, random: Random): unknown {
  switch (type.kind) {
    case 'text':
      return textOf(type.look, random);
    case 'enum':
      return weighted(type.values, type.weights, random);
    case 'integer':
      return Math.floor(random() * type.most);
    case 'number':
      return Math.round(random() * 100_000) / 100;
    case 'boolean':
      return random() < 0.5;
    case 'array': {
      const length = random() < type.empty ? 0 : 1 + Math.floor(random() * 6);
      return Array.from({ length }, () => valueOf(type.items, random));
    }
    case 'map':
      return mapOf(type, random);
    case 'object':
      return recordOf(type.fields, random);
    case 'union': {
      const [tag, fields] = pick([...type.variants], random);
      return { [type.tag]: tag, ...recordOf(fields, random) };
    }
  }
}

function mapOf(type: Type & { kind: 'map' }, random: Random): Record<string, unknown> {
  const length = Math.floor(random() * 6);
  const keys = Array.from({ length }, () =>
    type.keys === 'id' ? textOf('id', random) : `${pick(WORDS, random)}-${pick(WORDS, random)}`,
  );
  return Object.fromEntries(keys.map((key) => [key, valueOf(type.values, random)]));
}

function recordOf(fields: readonly Field[], random: Random): Record<string, unknown> {
  const entries = fields
    .filter(({ present }) => random() < present)
    .map(({ name, nulls, type }) => [name, random() < nulls ? null : valueOf(type, random)]);
  return Object.fromEntries(entries);
}

function weighted(values: readonly string[], weights: readonly number[], random: Random): string {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  return values[at] ?? values[0] ?? '';
}

function token(length: number, random: Random): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return Array.from({ length }, () => letters.charAt(Math.floor(random() * 62))).join('');
}

function hex(length: number, random: Random): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

function textOf(look: Text, random: Random): string {
  const when = new Date(1.6e12 + Math.floor(random() * 1e11)).toISOString();
  switch (look) {
    case 'word':
      return pick(WORDS, random) + (random() < 0.7 ? `-${pick(WORDS, random)}` : '');
    case 'sentence':
      return Array.from({ length: 3 + Math.floor(random() * 6) }, () => pick(WORDS, random)).join(' ');
    case 'uuid':
      return `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`;
    case 'date-time':
      return when;
    case 'date':
      return when.slice(0, 10);
    case 'uri':
      return `https://${pick(WORDS, random)}.example.com/${token(8, random)}`;
    case 'email':
      return `${pick(WORDS, random)}.${pick(WORDS, random)}@example.com`;
    case 'id':
      return `obj_${token(14, random)}`;
  }
}

let nextId = 0;

/** A call that was answered by this body. */
export function callOf(body: unknown, about: Partial<LearnedCall> = {}): LearnedCall {
  nextId += 1;
  return {
    id: nextId,
    at: 1.7e12 + nextId,
    method: 'GET',
    origin: 'https://api.example.com',
    template: '/things/{thing}',
    status: 200,
    requestContentType: null,
    responseContentType: 'application/json; charset=utf-8',
    requestHeaders: [],
    responseHeaders: [['Content-Type', 'application/json']],
    requestBody: null,
    responseBody: typeof body === 'string' ? body : JSON.stringify(body),
    outcome: 'complete',
    ...about,
  };
}

/** Calls of one endpoint, some of which ask for the same again. */
export function callsOf(type: Type, count: number, random: Random): LearnedCall[] {
  const bodies: unknown[] = [];
  return Array.from({ length: count }, () => {
    const isAgain = bodies.length > 0 && random() < 0.25;
    const body = isAgain ? pick(bodies, random) : valueOf(type, random);
    bodies.push(body);
    return callOf(body);
  });
}

/** What was changed, as it should be found. */
export interface Change {
  readonly kind: DriftKind;
  readonly location: string;
  readonly severity: 'breaking' | 'warning' | 'info';
  /** Whether calls of this number must show it: at a place that is nearly always there. */
  readonly isClear: boolean;
}

interface Spot {
  readonly owner: Field[];
  readonly field: Field;
  readonly location: string;
  /** How likely a body has this place. */
  readonly reach: number;
}

/** Every field at any depth; `isInVariant` fields are reached by a part of the bodies. */
function spotsOf(fields: Field[], location: string, reach: number): Spot[] {
  return fields.flatMap((field) => {
    const at = `${location}/${field.name}`;
    const here = reach * field.present * (1 - field.nulls);
    return [
      { owner: fields, field, location: at, reach },
      ...spotsIn(field.type, at, here),
    ];
  });
}

function spotsIn(type: Type, at: string, reach: number): Spot[] {
  switch (type.kind) {
    case 'object':
      return spotsOf(type.fields, at, reach);
    case 'array':
      return spotsIn(type.items, `${at}/*`, reach * (1 - type.empty));
    case 'map':
      return spotsIn(type.values, `${at}/*`, reach * 0.8);
    case 'union':
      return [...type.variants.values()].flatMap((fields) =>
        spotsOf(fields, at, reach / type.variants.size),
      );
    default:
      return [];
  }
}

/** A copy of the shape with one thing changed; undefined where the kind does not fit. */
export function changed(
  before: Type & { kind: 'object' },
  kind: DriftKind,
  random: Random,
): { readonly type: Type; readonly change: Change } | undefined {
  const type = structuredClone(before);
  const spots = sampleOf(spotsOf(type.fields, '', 1), 200, random);
  for (const spot of spots) {
    const change = changeAt(spot, kind, random);
    if (change !== undefined) return { type, change };
  }
  return undefined;
}

function changeAt(spot: Spot, kind: DriftKind, random: Random): Change | undefined {
  const { owner, field, location, reach } = spot;
  const isThere = reach * field.present * (1 - field.nulls) > 0.6;
  const of = (severity: Change['severity'], isClear: boolean): Change => ({
    kind,
    location,
    severity,
    isClear,
  });
  switch (kind) {
    case 'field-removed':
      if (field.name === 'id' || owner.length === 1) return undefined;
      owner.splice(owner.indexOf(field), 1);
      return of(field.present === 1 ? 'breaking' : 'warning', reach > 0.6 && field.present > 0.6);
    case 'field-added': {
      const present = random() < 0.6 ? 1 : 0.5;
      owner.push({ name: 'brand_new', present, nulls: 0, type: anyType(random, 2) });
      return { ...of('info', reach > 0.6), location: location.replace(/[^/]*$/, 'brand_new') };
    }
    case 'became-optional':
      if (field.present < 1) return undefined;
      field.present = pick([0.3, 0.5, 0.7], random);
      return of('breaking', reach > 0.6 && field.present < 0.6);
    case 'became-required':
      if (field.present > 0.7) return undefined;
      field.present = 1;
      return of('info', reach > 0.6);
    case 'nullable-added':
      if (field.nulls > 0) return undefined;
      field.nulls = pick([0.3, 0.5, 0.7], random);
      return of('breaking', reach * field.present > 0.6 && field.nulls >= 0.5);
    case 'nullable-removed':
      if (field.nulls < 0.2) return undefined;
      field.nulls = 0;
      return of('info', reach * field.present > 0.6);
    case 'type-changed': {
      if (field.type.kind === 'array' || field.type.kind === 'map') return undefined;
      const isText = field.type.kind === 'text' || field.type.kind === 'enum';
      field.type = isText ? { kind: 'integer', most: 1000 } : { kind: 'text', look: 'word' };
      return of('breaking', isThere);
    }
    case 'format-changed': {
      if (field.type.kind !== 'text' || ['word', 'sentence'].includes(field.type.look)) {
        return undefined;
      }
      const isId = field.type.look === 'uuid' || field.type.look === 'id';
      field.type.look = field.type.look === 'date-time' ? 'date' : isId ? 'email' : 'word';
      return of(isId ? 'info' : 'breaking', isThere);
    }
    case 'enum-value-added':
      if (field.type.kind !== 'enum') return undefined;
      field.type.values.push('brand_new');
      field.type.weights.push(1);
      return of('warning', false);
    case 'enum-value-removed':
      if (field.type.kind !== 'enum' || field.type.values.length < 3) return undefined;
      field.type.values.shift();
      field.type.weights.shift();
      return of('info', false);
    case 'variant-added':
      if (field.type.kind !== 'union') return undefined;
      field.type.variants.set('voucher', variantFields('voucher', random, 1));
      return { ...of('warning', false), location: `${location}/${field.type.tag}` };
    default:
      return undefined;
  }
}
