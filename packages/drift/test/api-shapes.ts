// Shapes of answers made up from a seed, with fields that come and go, nulls, sets of values, maps and
// variants.

import { type Field, pick, type Random, sampleOf, type Type } from './api-model.ts';

const NAMES =
  'name title description city country street amount total price quantity count size width height color owner author license status state type visibility role plan tier phase currency language locale region zone avatar website homepage contact phone email birthday created_at updated_at started_at expires_at due_date score rating rank level weight label tags items lines options settings metadata billing shipping address profile account customer product order invoice payment card bank source target parent team project branch commit message body summary note comment reason code reference token_type scope mode enabled active archived private verified public locked'.split(
    ' ',
  );
const KINDS =
  'active inactive pending archived draft open closed paid unpaid failed succeeded canceled trial basic pro gold silver admin member guest public private internal low medium high'.split(
    ' ',
  );
const TAG_NAMES = ['type', 'kind', 'object', 'event', 'payment_type'];

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

export function anyType(random: Random, depth: number): Type {
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
  const tags = sampleOf(
    ['card', 'bank_account', 'wallet', 'cash'],
    2 + Math.floor(random() * 2),
    random,
  );
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
