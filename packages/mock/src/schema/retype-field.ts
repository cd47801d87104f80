import { instead, isLeaf, isMember, written } from './change.ts';
import type { Change, Scene } from './change.ts';
import type { JsonPlace } from './json-place.ts';

const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'array', 'object']);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/;

function textOf(place: JsonPlace, scene: Scene): string | undefined {
  if (place.child.value.kind !== 'string') return undefined;
  return String(JSON.parse(written(place, scene)));
}

/** A text that is a number as it stands, or a date as the seconds since 1970. */
function numberIn(text: string): string | undefined {
  if (NUMBER.test(text)) return text;
  const ms = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : String(Math.floor(ms / 1_000));
}

function asNumber(place: JsonPlace, scene: Scene): string {
  const source = written(place, scene);
  if (source === 'true' || source === 'false') return source === 'true' ? '1' : '0';
  return numberIn(textOf(place, scene) ?? '') ?? '0';
}

function asType(type: string, place: JsonPlace, scene: Scene): string {
  const source = written(place, scene);
  switch (type) {
    case 'string':
      return JSON.stringify(isLeaf(place) ? source : 'value');
    case 'number':
      return asNumber(place, scene);
    case 'boolean':
      return String(!['false', '0', '""', 'null'].includes(source));
    case 'array':
      return `[${source}]`;
    default:
      return `{"value":${source}}`;
  }
}

/** The type that an API might change to: numbers and flags become texts, texts of digits numbers. */
function likelyType(place: JsonPlace, scene: Scene): string | undefined {
  const { kind } = place.child.value;
  if (kind === 'number' || kind === 'boolean') return 'string';
  if (kind === 'string') {
    return numberIn(textOf(place, scene) ?? '') === undefined ? 'array' : 'number';
  }
  if (kind === 'object') return 'array';
  return kind === 'array' ? 'object' : undefined;
}

/** A value has another type; a number becomes the text of its digits, all of them. */
export const retypeField: Change = {
  name: 'retype-field',
  usage: 'retype-field, retype-field=/amount or retype-field=/amount:string',
  argument: (type) => TYPES.has(type),
  isPlausible(place, scene) {
    const type = likelyType(place, scene);
    return isMember(place) && (type === 'string' || type === 'number');
  },
  edit(place, scene, argument) {
    const type = argument ?? likelyType(place, scene);
    if (type === undefined || type === place.child.value.kind) return undefined;
    return instead(place, asType(type, place, scene));
  },
};
