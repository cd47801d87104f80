// One change to a shape: what is found can so be held against what was changed.

import type { DriftKind } from '@calltape/drift';
import { type Field, pick, type Random, sampleOf, type Type } from './api-model.ts';
import { anyType, variantFields } from './api-shapes.ts';

/** What was changed, as it should be found. */
export interface Change {
  readonly kind: DriftKind;
  readonly location: string;
  readonly severity: 'breaking' | 'warning' | 'info';
  /** Whether calls of this number must show it: at a place that is nearly always there. */
  readonly isClear: boolean;
}

export type ChangeKind = keyof typeof CHANGES;

interface Spot {
  readonly owner: Field[];
  readonly field: Field;
  readonly location: string;
  /** How likely a body has this place. */
  readonly reach: number;
}

/** Every field at any depth. */
function spotsOf(fields: Field[], location: string, reach: number): Spot[] {
  return fields.flatMap((field) => {
    const at = `${location}/${field.name}`;
    const here = reach * field.present * (1 - field.nulls);
    return [{ owner: fields, field, location: at, reach }, ...spotsIn(field.type, at, here)];
  });
}

function spotsIn(type: Type, at: string, reach: number): Spot[] {
  if (type.kind === 'object') return spotsOf(type.fields, at, reach);
  if (type.kind === 'array') return spotsIn(type.items, `${at}/*`, reach * (1 - type.empty));
  if (type.kind === 'map') return spotsIn(type.values, `${at}/*`, reach * 0.8);
  if (type.kind !== 'union') return [];
  const { variants } = type;
  return [...variants.values()].flatMap((fields) => spotsOf(fields, at, reach / variants.size));
}

/** A copy of the shape with one thing changed; undefined where the kind does not fit. */
export function changed(
  before: Type & { kind: 'object' },
  kind: ChangeKind,
  random: Random,
): { readonly type: Type; readonly change: Change } | undefined {
  const type = structuredClone(before);
  const spots = sampleOf(spotsOf(type.fields, '', 1), 200, random);
  for (const spot of spots) {
    const made = CHANGES[kind](spot, random);
    if (made === undefined) continue;
    const change = { kind, location: made.location ?? spot.location, ...made };
    return { type, change };
  }
  return undefined;
}

/** Undefined where the kind does not fit. */
type Make = (
  spot: Spot,
  random: Random,
) => (Omit<Change, 'kind' | 'location'> & { readonly location?: string }) | undefined;

function isThere({ field, reach }: Spot): boolean {
  return reach * field.present * (1 - field.nulls) > 0.6;
}

const removed: Make = ({ owner, field, reach }) => {
  if (field.name === 'id' || owner.length === 1) return undefined;
  owner.splice(owner.indexOf(field), 1);
  const severity = field.present === 1 ? 'breaking' : 'warning';
  return { severity, isClear: reach > 0.6 && field.present > 0.6 };
};

const added: Make = ({ owner, location, reach }, random) => {
  const present = random() < 0.6 ? 1 : 0.5;
  owner.push({ name: 'brand_new', present, nulls: 0, type: anyType(random, 2) });
  const place = location.replace(/[^/]*$/, 'brand_new');
  return { severity: 'info', isClear: reach > 0.6, location: place };
};

const optional: Make = ({ field, reach }, random) => {
  if (field.present < 1) return undefined;
  field.present = pick([0.3, 0.5, 0.7], random);
  return { severity: 'breaking', isClear: reach > 0.6 && field.present < 0.6 };
};

const required: Make = ({ field, reach }) => {
  if (field.present > 0.7) return undefined;
  field.present = 1;
  return { severity: 'info', isClear: reach > 0.6 };
};

const nullable: Make = ({ field, reach }, random) => {
  if (field.nulls > 0) return undefined;
  field.nulls = pick([0.3, 0.5, 0.7], random);
  return { severity: 'breaking', isClear: reach * field.present > 0.6 && field.nulls >= 0.5 };
};

const notNullable: Make = ({ field, reach }) => {
  if (field.nulls < 0.2) return undefined;
  field.nulls = 0;
  return { severity: 'info', isClear: reach * field.present > 0.6 };
};

const retyped: Make = (spot) => {
  const { field } = spot;
  const { kind } = field.type;
  if (kind === 'array' || kind === 'map') return undefined;
  const isText = kind === 'text' || kind === 'enum';
  const isClear = isThere(spot);
  field.type = isText ? { kind: 'integer', most: 1000 } : { kind: 'text', look: 'word' };
  return { severity: 'breaking', isClear };
};

const reformatted: Make = (spot) => {
  const { type } = spot.field;
  if (type.kind !== 'text' || type.look === 'word' || type.look === 'sentence') return undefined;
  const isId = type.look === 'uuid' || type.look === 'id';
  const other = type.look === 'date-time' ? 'date' : 'word';
  type.look = isId ? 'email' : other;
  return { severity: isId ? 'info' : 'breaking', isClear: isThere(spot) };
};

const valueAdded: Make = ({ field: { type } }) => {
  if (type.kind !== 'enum') return undefined;
  type.values.push('brand_new');
  type.weights.push(1);
  return { severity: 'warning', isClear: false };
};

const valueRemoved: Make = ({ field: { type } }) => {
  if (type.kind !== 'enum' || type.values.length < 3) return undefined;
  type.values.shift();
  type.weights.shift();
  return { severity: 'info', isClear: false };
};

const variantAdded: Make = ({ field: { type }, location }, random) => {
  if (type.kind !== 'union') return undefined;
  type.variants.set('voucher', variantFields('voucher', random, 1));
  return { severity: 'warning', isClear: false, location: `${location}/${type.tag}` };
};

const CHANGES = {
  'field-removed': removed,
  'field-added': added,
  'became-optional': optional,
  'became-required': required,
  'nullable-added': nullable,
  'nullable-removed': notNullable,
  'type-changed': retyped,
  'format-changed': reformatted,
  'enum-value-added': valueAdded,
  'enum-value-removed': valueRemoved,
  'variant-added': variantAdded,
} satisfies Partial<Record<DriftKind, Make>>;

export const CHANGE_KINDS: readonly ChangeKind[] = [
  'field-removed',
  'field-added',
  'became-optional',
  'became-required',
  'nullable-added',
  'nullable-removed',
  'type-changed',
  'format-changed',
  'enum-value-added',
  'enum-value-removed',
  'variant-added',
];
