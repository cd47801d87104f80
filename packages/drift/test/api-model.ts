// Answers drawn at random from a shape, always the same from the same seed.

import type { LearnedCall } from '@calltape/drift';

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
export function pick<T>(all: readonly T[], random: Random): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new RangeError('Nothing to pick from');
  return one;
}

export function sampleOf<T>(all: readonly T[], count: number, random: Random): T[] {
  const left = [...all];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    taken.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return taken;
}

export function valueOf(type: Type, random: Random): unknown {
  if (type.kind === 'text') return TEXTS[type.look](random);
  if (type.kind === 'enum') return weighted(type.values, type.weights, random);
  if (type.kind === 'integer') return Math.floor(random() * type.most);
  if (type.kind === 'number') return Math.round(random() * 100_000) / 100;
  if (type.kind === 'boolean') return random() < 0.5;
  return nestedOf(type, random);
}

type Nested = Extract<Type, { kind: 'array' | 'map' | 'object' | 'union' }>;

function nestedOf(type: Nested, random: Random): unknown {
  if (type.kind === 'map') return mapOf(type, random);
  if (type.kind === 'object') return recordOf(type.fields, random);
  if (type.kind === 'array') {
    const length = random() < type.empty ? 0 : 1 + Math.floor(random() * 6);
    return Array.from({ length }, () => valueOf(type.items, random));
  }
  const [tag, fields] = pick([...type.variants], random);
  return { [type.tag]: tag, ...recordOf(fields, random) };
}

function mapOf(type: Type & { kind: 'map' }, random: Random): Record<string, unknown> {
  const length = Math.floor(random() * 6);
  const keys = Array.from({ length }, () =>
    type.keys === 'id' ? TEXTS.id(random) : `${pick(WORDS, random)}-${pick(WORDS, random)}`,
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

function momentOf(random: Random): string {
  return new Date(1.6e12 + Math.floor(random() * 1e11)).toISOString();
}

const TEXTS: Readonly<Record<Text, (random: Random) => string>> = {
  word: (random) => pick(WORDS, random) + (random() < 0.7 ? `-${pick(WORDS, random)}` : ''),
  sentence: (random) =>
    Array.from({ length: 3 + Math.floor(random() * 6) }, () => pick(WORDS, random)).join(' '),
  uuid: (random) =>
    `${[8, 4].map((length) => hex(length, random)).join('-')}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`,
  'date-time': momentOf,
  date: (random) => momentOf(random).slice(0, 10),
  uri: (random) => `https://${pick(WORDS, random)}.example.com/${token(8, random)}`,
  email: (random) => `${pick(WORDS, random)}.${pick(WORDS, random)}@example.com`,
  id: (random) => `obj_${token(14, random)}`,
};

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
